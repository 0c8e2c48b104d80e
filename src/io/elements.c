/* Words that name species, to types. SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/elements.h"

#include <string.h>

#include "base/scan.h"

int32_t elements_find(struct element_table *table, const char *p, size_t length)
{
    for (int t = 1; t <= table->n; t++)
        if (strlen(table->name[t]) == length && memcmp(table->name[t], p, length) == 0)
            return t;
    if (table->n == ISD_MAX_TYPES || length == 0 || length >= ISD_LABEL_SIZE)
        return 0;
    table->n++;
    memcpy(table->name[table->n], p, length);
    table->name[table->n][length] = '\0';
    return table->n;
}

/* Numbers from 0 or from 1 on are types; anything else makes all of them names. */
static enum species_words judge(const struct element_table *found, bool from_0)
{
    int64_t smallest = INT64_MAX, largest = -1;
    for (int t = 1; t <= found->n; t++) {
        int64_t value;
        if (!scan_whole_int64(found->name[t], &value) || value < 0)
            return SPECIES_NAMES;
        smallest = value < smallest ? value : smallest;
        largest = value > largest ? value : largest;
    }
    if (found->n == 0)
        return SPECIES_UNSETTLED;
    if (smallest == 0 || from_0)
        return largest < ISD_MAX_TYPES ? SPECIES_FROM_0 : SPECIES_NAMES;
    return largest <= ISD_MAX_TYPES ? SPECIES_FROM_1 : SPECIES_NAMES;
}

static int32_t type_of(struct element_table *table, const char *name)
{
    int64_t value;
    if (table->words == SPECIES_NAMES)
        return elements_find(table, name, strlen(name));
    if (!scan_whole_int64(name, &value))
        return 0;
    value += table->words == SPECIES_FROM_0;
    return value >= 1 && value <= ISD_MAX_TYPES ? (int32_t)value : 0;
}

isd_status elements_settle(struct element_table *table, const struct element_table *found, bool from_0, isd_snapshot *s,
                           isd_error *err)
{
    int32_t type[ISD_MAX_TYPES + 1] = {0};
    if (table->words == SPECIES_UNSETTLED)
        table->words = judge(found, from_0);
    for (int t = 1; t <= found->n; t++) {
        type[t] = type_of(table, found->name[t]);
        if (type[t] == 0 && table->words == SPECIES_NAMES)
            return isd_error_set(err, ISD_DATA, "species '%s' would be number %d, %d can be told apart",
                                 found->name[t], table->n + 1, ISD_MAX_TYPES);
        if (type[t] == 0)
            return isd_error_set(err, ISD_DATA, "species '%s', but the first frame has numbers from %d on", found->name[t],
                                 table->words == SPECIES_FROM_1);
    }
    for (int32_t i = 0; i < s->n; i++)
        s->type[i] = type[s->type[i]];
    if (table->words == SPECIES_NAMES)
        memcpy(s->element, table->name, sizeof s->element);
    return ISD_OK;
}
