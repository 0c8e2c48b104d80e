/* Writes the migrations of assets/sql as a C source: run by the build. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * embed OUT FILE...: the files in the order of their numbers, which start with 1 and leave none out. */
#include <stdio.h>
#include <stdlib.h>
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
    if (!in || strtol(base_name(path), NULL, 10) != number) {
        fprintf(stderr, "embed: %s: %s\n", path, in ? "not the next number" : "cannot be read");
        return 1;
    }
    fprintf(out, "static const char sql_%d[] = {", number);
    for (int c; (c = getc(in)) != EOF;)
        fprintf(out, "%d,", c);
    fprintf(out, "0};\n");
    return fclose(in) != 0;
}

int main(int argc, char **argv)
{
    FILE *out = argc > 2 ? fopen(argv[1], "wb") : NULL;
    if (!out) {
        fprintf(stderr, "usage: embed OUT FILE...\n");
        return 1;
    }
    fprintf(out, "/* Made from assets/sql by src/store/embed.c. */\n#include \"store/schema.h\"\n\n");
    for (int k = 2; k < argc; k++)
        if (embed(out, argv[k], k - 1))
            return 1;
    fprintf(out, "const struct migration store_migrations[] = {\n");
    for (int k = 2; k < argc; k++)
        fprintf(out, "    {\"%s\", sql_%d},\n", base_name(argv[k]), k - 1);
    fprintf(out, "    {0},\n};\n");
    return fclose(out) != 0;
}
