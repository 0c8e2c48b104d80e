/* Writes files as a C source with a list of them (base/asset.h): run by the build. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * embed OUT LIST FILE...: LIST is the name of the list, in the order given. */
#include <stdio.h>
#include <string.h>

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* Bytes as numbers: a string literal may not be that long. */
static int embed(FILE *out, const char *path, int number)
{
    FILE *in = fopen(path, "rb");
    if (!in) {
        fprintf(stderr, "embed: %s: cannot be read\n", path);
        return 1;
    }
    fprintf(out, "static const char file_%d[] = {", number);
    for (int c; (c = getc(in)) != EOF;)
        fprintf(out, "%d,", c < 128 ? c : c - 256);
    fprintf(out, "0};\n");
    return fclose(in) != 0;
}

int main(int argc, char **argv)
{
    FILE *out = argc > 3 ? fopen(argv[1], "wb") : NULL;
    if (!out) {
        fprintf(stderr, "usage: embed OUT LIST FILE...\n");
        return 1;
    }
    fprintf(out, "/* Made by src/base/embed.c. */\n#include \"base/asset.h\"\n\nextern const struct asset %s[];\n", argv[2]);
    for (int k = 3; k < argc; k++)
        if (embed(out, argv[k], k))
            return 1;
    fprintf(out, "const struct asset %s[] = {\n", argv[2]);
    for (int k = 3; k < argc; k++)
        fprintf(out, "    {\"%s\", file_%d},\n", base_name(argv[k]), k);
    fprintf(out, "    {0},\n};\n");
    return fclose(out) != 0;
}
