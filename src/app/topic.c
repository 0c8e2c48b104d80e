/* Help on subjects: the texts of assets/help inside the program. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/topic.h"

#include <stdbool.h>
#include <string.h>

#include "app/wrap.h"
#include "base/asset.h"

extern const struct asset topics[]; /* name.txt each; made by the build */

bool topic_at(int k, struct topic *ret_topic)
{
    int count = 0;
    while (topics[count].name)
        count++;
    if (k < 0 || k >= count)
        return false;
    const char *text = topics[k].text;
    size_t title = strcspn(text, "\n");
    ret_topic->body = text + title + (text[title] == '\n');
    snprintf(ret_topic->name, sizeof ret_topic->name, "%.*s", (int)strcspn(topics[k].name, "."), topics[k].name);
    snprintf(ret_topic->title, sizeof ret_topic->title, "%.*s", (int)title, text);
    return true;
}

bool topic_find(const char *name, struct topic *ret_topic)
{
    struct topic topic;
    for (int k = 0; topic_at(k, &topic); k++)
        if (strcmp(topic.name, name) == 0) {
            *ret_topic = topic;
            return true;
        }
    return false;
}

int topic_row_name(const char *text, int length)
{
    const char *colon = memchr(text, ':', (size_t)length);
    return colon && colon + 1 < text + length && colon[1] == ' ' ? (int)(colon - text) : -1;
}

void topic_walk(const struct topic *topic, topic_fn *give, void *arg)
{
    for (const char *line = topic->body, *end; *line; line = end + (*end == '\n')) {
        end = line + strcspn(line, "\n");
        int length = (int)(end - line);
        if (length == 0)
            give(arg, TOPIC_GAP, line, 0);
        else if (strncmp(line, "# ", 2) == 0)
            give(arg, TOPIC_HEADING, line + 2, length - 2);
        else if (strncmp(line, "- ", 2) == 0)
            give(arg, TOPIC_ROW, line + 2, length - 2);
        else if (strncmp(line, "    ", 4) == 0)
            give(arg, TOPIC_EXAMPLE, line + 4, length - 4);
        else
            give(arg, TOPIC_PARAGRAPH, line, length);
    }
}

/* What has been written: a gap comes before a part, never at the end. */
struct writer {
    FILE *out;
    bool gap;
};

static void write_part(void *arg, enum topic_part part, const char *text, int length)
{
    struct writer *writer = arg;
    char line[4096], left[128];
    int name = part == TOPIC_ROW ? topic_row_name(text, length) : -1;

    if (part == TOPIC_GAP) {
        writer->gap = true;
        return;
    }
    if (writer->gap || part == TOPIC_HEADING)
        fputc('\n', writer->out);
    writer->gap = false;
    snprintf(line, sizeof line, "%.*s", length, text);
    if (part == TOPIC_HEADING) {
        fprintf(writer->out, "== %s\n", line);
    } else if (part == TOPIC_EXAMPLE) {
        fprintf(writer->out, "    %s\n", line);
    } else if (name >= 0) {
        snprintf(left, sizeof left, "%.*s", name, text);
        wrap_row(writer->out, left, line + name + 2);
    } else {
        int indent = part == TOPIC_ROW ? 2 : 0;
        fprintf(writer->out, "%*s", indent, "");
        wrap_text(writer->out, indent, indent, line);
    }
}

void topic_write(FILE *out, const struct topic *topic)
{
    struct writer writer = {.out = out};
    fprintf(out, "%s: %s\n", topic->name, topic->title);
    topic_walk(topic, write_part, &writer);
}
