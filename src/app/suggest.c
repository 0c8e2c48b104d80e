/* Near misses among known names. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/suggest.h"

#include <string.h>

#include "base/text.h"

void suggest_try(struct suggestion *suggestion, const char *candidate)
{
    size_t length = strlen(suggestion->word), other = strlen(candidate);
    int allowed = length < 4 ? 1 : length < 6 ? 2 : (int)(length / 3); /* "mtahc", "speces": two slips, yet still most of the letters */
    int distance = (int)(length > other ? length - other : other - length); /* at least */

    if (length >= 2 && strncmp(suggestion->word, candidate, length) == 0)
        distance = 0; /* an abbreviation: nearer than any slip of the finger */
    else if (distance <= allowed)
        distance = text_distance(suggestion->word, candidate);
    if (distance > allowed || (suggestion->best && distance >= suggestion->distance))
        return;
    suggestion->best = candidate;
    suggestion->distance = distance;
}

bool choice_at(const char *choices, int k, char *out, size_t size)
{
    if (!choices)
        return false;
    for (; k > 0; k--) {
        choices = strchr(choices, '|');
        if (!choices)
            return false;
        choices++;
    }
    size_t length = strcspn(choices, "|");
    if (length >= size)
        length = size - 1;
    memcpy(out, choices, length);
    out[length] = '\0';
    return true;
}

bool choice_known(const char *choices, const char *word)
{
    char choice[64];

    for (int k = 0; choice_at(choices, k, choice, sizeof choice); k++)
        if (strcmp(choice, word) == 0)
            return true;
    return false;
}

bool choice_suggest(const char *choices, const char *word, char *out, size_t size)
{
    char choice[64];
    struct suggestion nearest = {.word = word};
    int found = -1;

    for (int k = 0; choice_at(choices, k, choice, sizeof choice); k++) {
        int before = nearest.distance;
        bool had = nearest.best != NULL;
        suggest_try(&nearest, choice);
        if (nearest.best && (!had || nearest.distance < before))
            found = k;
    }
    return found >= 0 && choice_at(choices, found, out, size);
}
