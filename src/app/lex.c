/* Blanks, quotes, comments and joined lines. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/lex.h"

#include <stdlib.h>
#include <string.h>

void token_done(struct token *token)
{
    if (!token)
        return;
    free(token->text);
    token->text = NULL;
}

static void advance(struct lexer *lexer)
{
    unsigned char byte = (unsigned char)*lexer->p;

    if (byte == '\n') {
        lexer->line++;
        lexer->column = 1;
    } else if ((byte & 0xC0) != 0x80) { /* the later bytes of a character add no column */
        lexer->column++;
    }
    lexer->p++;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

/* Length of a backslash with the line end that it joins, or 0. */
static int join_length(const char *p)
{
    if (p[0] != '\\')
        return 0;
    if (p[1] == '\n')
        return 2;
    return p[1] == '\r' && p[2] == '\n' ? 3 : 0;
}

static void pass_join(struct lexer *lexer)
{
    for (int n = join_length(lexer->p); n > 0; n--)
        advance(lexer);
}

static void pass_blanks(struct lexer *lexer)
{
    for (;;) {
        if (is_blank(*lexer->p))
            advance(lexer);
        else if (join_length(lexer->p))
            pass_join(lexer);
        else
            return;
    }
}

void lex_skip_line(struct lexer *lexer)
{
    while (*lexer->p && *lexer->p != '\n')
        advance(lexer);
}

void lex_start(struct lexer *lexer)
{
    for (;;) {
        pass_blanks(lexer);
        if (*lexer->p == '#')
            lex_skip_line(lexer);
        else if (*lexer->p == ';' || *lexer->p == '\n')
            advance(lexer);
        else
            return;
    }
}

/* The text of a token while it grows. */
struct growing {
    char *text;
    size_t length, size;
};

static bool add_byte(struct growing *word, char byte)
{
    if (word->length + 1 >= word->size) {
        size_t size = word->size ? 2 * word->size : 32;
        char *text = realloc(word->text, size);
        if (!text)
            return false;
        word->text = text;
        word->size = size;
    }
    word->text[word->length++] = byte;
    word->text[word->length] = '\0';
    return true;
}

/* From an opening quote to its closing one, both passed. */
static enum lex_kind quoted(struct lexer *lexer, struct growing *word)
{
    char quote = *lexer->p;

    advance(lexer);
    while (*lexer->p != quote) {
        if (*lexer->p == '\0' || *lexer->p == '\n')
            return LEX_OPEN;
        if (quote == '"' && join_length(lexer->p)) {
            pass_join(lexer);
            continue;
        }
        if (quote == '"' && lexer->p[0] == '\\' && (lexer->p[1] == '"' || lexer->p[1] == '\\'))
            advance(lexer);
        if (!add_byte(word, *lexer->p))
            return LEX_MEMORY;
        advance(lexer);
    }
    advance(lexer);
    return LEX_WORD;
}

static bool ends_word(char c)
{
    return c == '\0' || c == '\n' || c == ';' || is_blank(c);
}

bool lex_is_block(const char *p)
{
    return *p == '{' && p[1] && p[1] != ';' && ends_word(p[1]);
}

/* Between braces, which are words of their own; those within quotes and comments are none. Both are passed. */
static enum lex_kind read_block(struct lexer *lexer, struct growing *block)
{
    char quote = '\0';
    bool begins = true, comment = false; /* a word may begin here */
    int depth = 1;

    advance(lexer);
    for (;;) {
        char c = *lexer->p;
        if (c == '\0')
            return LEX_OPEN;
        if (c == '\n')
            quote = '\0', comment = false;
        else if (comment)
            ;
        else if (quote)
            quote = c == quote ? '\0' : quote;
        else if (c == '\'' || c == '"')
            quote = c;
        else if (begins && c == '#')
            comment = true;
        else if (begins && lex_is_block(lexer->p))
            depth++;
        else if (begins && c == '}' && ends_word(lexer->p[1]) && --depth == 0) {
            advance(lexer);
            return LEX_WORD;
        }
        begins = ends_word(c);
        if (!add_byte(block, c))
            return LEX_MEMORY;
        advance(lexer);
    }
}

static enum lex_kind read_word(struct lexer *lexer, struct growing *word, size_t *ret_bare,
                               struct lexer *ret_quote)
{
    bool bare = true;

    for (;;) {
        char c = *lexer->p;
        enum lex_kind kind = LEX_WORD;

        if (join_length(lexer->p)) {
            pass_join(lexer);
            continue;
        }
        if (ends_word(c))
            return LEX_WORD;
        if (c == '\'' || c == '"') {
            bare = false;
            *ret_quote = *lexer;
            kind = quoted(lexer, word);
        } else {
            if (c == '\\' && lexer->p[1] && lexer->p[1] != '\n') {
                bare = false;
                advance(lexer);
            }
            kind = add_byte(word, *lexer->p) ? LEX_WORD : LEX_MEMORY;
            advance(lexer);
        }
        if (bare)
            *ret_bare = word->length;
        if (kind != LEX_WORD)
            return kind;
    }
}

enum lex_kind lex_word(struct lexer *lexer, struct token *ret_token)
{
    struct growing word = {0};
    struct lexer start, quote;
    size_t bare = 0;

    pass_blanks(lexer);
    if (*lexer->p == '#')
        lex_skip_line(lexer);
    if (*lexer->p == '\0' || *lexer->p == '\n' || *lexer->p == ';')
        return LEX_END;
    start = quote = *lexer;
    enum lex_kind kind = lex_is_block(lexer->p) ? read_block(lexer, &word) : read_word(lexer, &word, &bare, &quote);
    if (kind != LEX_MEMORY && !word.text) { /* '' is a word too */
        word.text = calloc(1, 1);
        if (!word.text)
            kind = LEX_MEMORY;
    }
    if (kind == LEX_MEMORY) {
        free(word.text);
        return kind;
    }
    if (kind == LEX_WORD)
        quote = start;
    *ret_token = (struct token){
        .text = word.text, .bare = bare, .begin = start.p, .line = quote.line, .column = quote.column};
    return kind;
}

/* As options have: a letter, then letters, digits, _ and -. */
static bool is_name(const char *name, size_t length)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static const char others[] = "0123456789_-";

    if (length == 0 || !strchr(letters, name[0]))
        return false;
    for (size_t k = 1; k < length; k++)
        if (!name[k] || (!strchr(letters, name[k]) && !strchr(others, name[k])))
            return false;
    return true;
}

bool token_is_option(const struct token *token, const char **ret_name, size_t *ret_length,
                     const char **ret_value)
{
    bool dashes = token->bare >= 2 && token->text[0] == '-' && token->text[1] == '-';
    const char *name = token->text + (dashes ? 2 : 0);
    size_t bare = token->bare - (dashes ? 2 : 0);
    const char *equals = memchr(name, '=', bare);
    size_t length = equals ? (size_t)(equals - name) : strlen(name);

    if ((!equals && !dashes) || !is_name(name, length))
        return false;
    *ret_name = name;
    *ret_length = length;
    *ret_value = equals ? equals + 1 : NULL;
    return true;
}
