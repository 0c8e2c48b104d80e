/* Writes what a shell needs to complete our command line, from the tables of the program. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Usage: completion bash|zsh|fish. Options come from app/option.c, commands from the command table, topics from the help. Behind
 * -c and help come the names of commands; inside the program its own completion knows the rest. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "app/command.h"
#include "app/option.h"
#include "app/topic.h"

struct shell_option {
    char letter;
    const char *name, *argument, *help;
};

static bool option_at(int k, struct shell_option *ret)
{
    return invocation_option_at(k, &ret->letter, &ret->name, &ret->argument, &ret->help);
}

/* Text between single quotes: each quote in it ends the string, stands escaped, and begins another. */
static void put_quoted(const char *text, const char *also)
{
    for (; *text; text++)
        if (*text == '\'')
            fputs("'\\''", stdout);
        else
            printf(strchr(also, *text) ? "\\%c" : "%c", *text);
}

static void put_commands(const char *form)
{
    const struct command_spec *spec;
    for (int k = 0; (spec = command_at(k)) != NULL; k++)
        printf(form, spec->name);
}

static void put_topics(const char *form)
{
    struct topic topic;
    for (int k = 0; topic_at(k, &topic); k++)
        printf(form, topic.name);
}

/* --- bash --- */

static void write_bash(void)
{
    struct shell_option option;
    fputs("# bash completion for isdmin, made from its tables\n"
          "_isdmin() {\n"
          "    local word=\"${COMP_WORDS[COMP_CWORD]}\" before=\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
          "    COMPREPLY=()\n"
          "    case \"$before\" in\n",
          stdout);
    fputs("    help)\n        if [ \"$COMP_CWORD\" = 2 ]; then\n            COMPREPLY=($(compgen -W '", stdout);
    put_commands("%s ");
    put_topics("%s ");
    fputs("' -- \"$word\"))\n            return\n        fi ;;\n", stdout);
    fputs("    -c)\n        COMPREPLY=($(compgen -W '", stdout);
    put_commands("%s ");
    fputs("' -- \"$word\"))\n        return ;;\n"
          "    --color) COMPREPLY=($(compgen -W 'auto never always' -- \"$word\")); return ;;\n"
          "    -j|--threads|--memory) return ;;\n"
          "    esac\n"
          "    case \"$word\" in\n"
          "    --color=*) COMPREPLY=($(compgen -W 'auto never always' -- \"${word#*=}\")) ;;\n"
          "    -*) COMPREPLY=($(compgen -W '",
          stdout);
    for (int k = 0; option_at(k, &option); k++) {
        if (option.letter)
            printf("-%c ", option.letter);
        if (option.name)
            printf("--%s ", option.name);
    }
    fputs("' -- \"$word\")) ;;\n"
          "    *) COMPREPLY=($(compgen -f -- \"$word\"))\n"
          "       [ \"$COMP_CWORD\" = 1 ] && COMPREPLY+=($(compgen -W 'help' -- \"$word\")) ;;\n"
          "    esac\n"
          "}\n"
          "complete -o filenames -F _isdmin isdmin\n",
          stdout);
}

/* --- zsh --- */

static void write_zsh_option(const struct shell_option *option, bool by_letter)
{
    if (by_letter)
        printf("  '-%c[", option->letter);
    else
        printf("  '--%s%s[", option->name, option->argument ? "=" : "");
    put_quoted(option->help, "[]:\\");
    putchar(']');
    if (option->argument) {
        putchar(':');
        put_quoted(option->argument, ":\\");
        fputs(option->letter == 'c' ? ":_isdmin_commands" : option->name && strcmp(option->name, "color") == 0 ? ":(auto never always)"
              : option->letter == 'f' || option->letter == 's' ? ":_files" : ":", stdout);
    }
    fputs("' \\\n", stdout);
}

static void write_zsh(void)
{
    struct shell_option option;
    const struct command_spec *spec;
    fputs("#compdef isdmin\n# zsh completion for isdmin, made from its tables\n_isdmin_commands() {\n  local -a commands\n  commands=(\n", stdout);
    for (int k = 0; (spec = command_at(k)) != NULL; k++) {
        printf("    '%s:", spec->name);
        put_quoted(spec->help, ":\\");
        fputs("'\n", stdout);
    }
    fputs("  )\n  _describe command commands\n}\n_isdmin_topics() {\n  _isdmin_commands\n  compadd --", stdout);
    put_topics(" %s");
    fputs("\n}\nif (( CURRENT == 3 )) && [[ $words[2] == help ]]; then\n  _isdmin_topics\n  return\nfi\n_arguments \\\n", stdout);
    for (int k = 0; option_at(k, &option); k++) {
        if (option.letter)
            write_zsh_option(&option, true);
        if (option.name)
            write_zsh_option(&option, false);
    }
    fputs("  '*:file:_files'\n", stdout);
}

/* --- fish --- */

static void write_fish(void)
{
    struct shell_option option;
    const struct command_spec *spec;
    fputs("# fish completion for isdmin, made from its tables\n", stdout);
    for (int k = 0; option_at(k, &option); k++) {
        if (!option.letter && !option.name)
            continue;
        fputs("complete -c isdmin", stdout);
        if (option.letter)
            printf(" -s %c", option.letter);
        if (option.name)
            printf(" -l %s", option.name);
        if (option.argument)
            fputs(option.letter == 'f' || option.letter == 's' ? " -r" : " -x", stdout);
        if (option.name && strcmp(option.name, "color") == 0)
            fputs(" -a 'auto never always'", stdout);
        fputs(" -d '", stdout);
        put_quoted(option.help, "\\");
        fputs("'\n", stdout);
    }
    for (int k = 0; (spec = command_at(k)) != NULL; k++) {
        printf("complete -c isdmin -n '__fish_seen_subcommand_from help; or __fish_prev_arg_in -c' -f -a %s -d '", spec->name);
        put_quoted(spec->help, "\\");
        fputs("'\n", stdout);
    }
    fputs("complete -c isdmin -n '__fish_is_first_arg' -a help -d 'help on a command or topic'\n", stdout);
    put_topics("complete -c isdmin -n '__fish_seen_subcommand_from help' -f -a %s\n");
}

int main(int argc, char **argv)
{
    const char *shell = argc == 2 ? argv[1] : "";
    if (strcmp(shell, "bash") == 0)
        write_bash();
    else if (strcmp(shell, "zsh") == 0)
        write_zsh();
    else if (strcmp(shell, "fish") == 0)
        write_fish();
    else {
        fputs("completion bash|zsh|fish\n", stderr);
        return 2;
    }
    return ferror(stdout) != 0;
}
