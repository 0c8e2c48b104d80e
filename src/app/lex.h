/* Words of the command language, as a shell reads them. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_LEX_H
#define APP_LEX_H

#include <stdbool.h>
#include <stddef.h>

/* Where reading has got to. A column is a character, counted from 1. */
struct lexer {
    const char *p;
    long line, column;
};

/* A word without its quotes. */
struct token {
    char *text; /* owned by the token */
    size_t
        bare; /* so many first bytes of text were not quoted: only there can an option have its name and = */
    const char *begin; /* where it starts in the source, borrowed */
    long line, column;
};
void token_done(struct token *token);

enum lex_kind {
    LEX_WORD,
    LEX_END,  /* of the command: ; newline, comment or end of text, which is not passed */
    LEX_OPEN, /* a quote is not closed on its line, or a block not at all; the token is filled up to there, its position
                 is the quote's or the brace's */
    LEX_MEMORY
};

/* Passes blanks, ; newlines and comments: then at the first byte of a command, or at the end of the text. */
void lex_start(struct lexer *lexer);
/* The next word of the command: "{ ... }" is one, with all that is between the braces as it stands. ret_token is filled for LEX_WORD and LEX_OPEN. */
enum lex_kind lex_word(struct lexer *lexer, struct token *ret_token);
/* Is this where a block begins? A brace with a blank behind it. */
bool lex_is_block(const char *p);
/* Passes the rest of the line: after LEX_OPEN. */
void lex_skip_line(struct lexer *lexer);

/* The word is an option: name=value or --name=value. Sets where the name is; *ret_value = NULL for a --name
 * without =. */
bool token_is_option(const struct token *token, const char **ret_name, size_t *ret_length,
                     const char **ret_value);

#endif
