/* Every view as a file of every format: whole, and with what is seen in it. SPDX-License-Identifier: GPL-3.0-or-later */
#include "screens.h"

#include "../../lib/scratch.h"
#include "repl/paint.h"

#define WIDTH 100
#define HEIGHT 32

static const char *const suffixes[] = {"svg", "gp", "txt", "csv", "tsv", "json", "pdf", "png"};
enum { SVG, GP, TXT, CSV, TSV, JSON, PDF, PNG, SUFFIXES };

static char folder[SCRATCH_SIZE];

/* A file as a string, which may hold bytes of 0. */
static char *read_file(const char *view, int suffix, size_t *ret_length)
{
    char path[SCRATCH_SIZE + 40];
    snprintf(path, sizeof path, "%s/%s.%s", folder, view, suffixes[suffix]);
    FILE *file = fopen(path, "rb");
    if (!file)
        fail_msg("no file %s", path);
    char *text = calloc(1, 1 << 24);
    assert_non_null(text);
    *ret_length = fread(text, 1, (1 << 24) - 1, file);
    fclose(file);
    return text;
}

static int count(const char *text, const char *word)
{
    int n = 0;
    for (const char *p = text; (p = strstr(p, word)) != NULL; p += strlen(word))
        n++;
    return n;
}

static bool has_end(const char *text, size_t length, const char *end)
{
    return length >= strlen(end) && memcmp(text + length - strlen(end), end, strlen(end)) == 0;
}

/* Rows that all have as many cells as the first. */
static bool is_table(const char *text, char delimiter)
{
    int wanted = -1, cells = 1, rows = 0;
    bool quoted = false;
    for (const char *p = text; *p; p++) {
        quoted = quoted != (*p == '"');
        if (*p == delimiter && !quoted)
            cells++;
        if (*p != '\n' || quoted)
            continue;
        if (cells > 1 || p == text || p[-1] != '\n') {
            if (wanted >= 0 && cells != wanted)
                return false;
            wanted = cells;
            rows++;
        } else {
            wanted = -1; /* an empty line: another table */
        }
        cells = 1;
    }
    return rows > 1;
}

static bool is_whole(int suffix, const char *text, size_t length)
{
    switch (suffix) {
    case SVG:
        return strncmp(text, "<svg ", 5) == 0 && has_end(text, length, "</svg>\n") && count(text, "<text") == count(text, "</text>") && !strstr(text, "nan");
    case GP:
        return strstr(text, "\nplot ") && count(text, " << EOD\n") == count(text, "\nEOD\n");
    case TXT:
        return length > 0 && text[length - 1] == '\n';
    case CSV:
        return is_table(text, ',');
    case TSV:
        return is_table(text, '\t');
    case JSON:
        return text[0] == '{' && has_end(text, length, "}\n") && strstr(text, "\"cmd\":");
    case PDF:
        return strncmp(text, "%PDF-1", 6) == 0;
    default:
        return memcmp(text, "\x89PNG", 4) == 0;
    }
}

static bool has_cairo(void)
{
    struct pen *pen = NULL;
    isd_error err;
    if (pen_new(PEN_PDF, 1, 1, 1, 1, &pen, &err) != ISD_OK) {
        assert_non_null(strstr(err.hint, "libcairo2-dev"));
        return false;
    }
    pen_free(pen);
    return true;
}

/* All formats of the view with the focus, by one line each as key e makes it. */
static void export_all(struct tui *tui, const char *name)
{
    for (int s = 0; s < SUFFIXES; s++) {
        char line[SCRATCH_SIZE + 80];
        size_t length;
        enum view_id view = tui->sight.view;
        snprintf(line, sizeof line, "export %s/%s.%s", folder, name, suffixes[s]);
        tui->message[0] = '\0';
        tui_run_line(tui, line);
        screen_settle(tui, WIDTH, HEIGHT);
        if ((s == PDF || s == PNG) && !has_cairo()) {
            assert_non_null(strstr(tui->message, "libcairo2-dev"));
            continue;
        }
        if (!strstr(tui->message, "written"))
            fail_msg("%s: %s", line, tui->message);
        assert_int_equal(tui->sight.view, view); /* one goes on looking at it */
        char *text = read_file(name, s, &length);
        if (!is_whole(s, text, length))
            fail_msg("%s.%s:\n%.2000s", name, suffixes[s], text);
        free(text);
    }
}

static void expect_in(const char *view, int suffix, const char *wanted)
{
    size_t length;
    char *text = read_file(view, suffix, &length);
    if (!strstr(text, wanted))
        fail_msg("'%s' is not in %s.%s:\n%.3000s", wanted, view, suffixes[suffix], text);
    free(text);
}

/* All scripts by one run of gnuplot, which must have nothing to say. */
static void expect_plots(const char *const *names, int n)
{
    char *line = NULL, said[2000];
    size_t size = 0;
    FILE *command = open_memstream(&line, &size);
    assert_non_null(command);
    fprintf(command, "cd %s && gnuplot -e \"set terminal svg", folder);
    for (int k = 0; k < n; k++)
        fprintf(command, "; set output '%s.by_gnuplot'; load '%s.gp'; unset output; reset", names[k], names[k]);
    fprintf(command, "\" 2>&1");
    fclose(command);
    if (system("command -v gnuplot > /dev/null 2>&1") != 0) {
        print_message("gnuplot is not there: its scripts were not run\n");
        free(line);
        return;
    }
    FILE *run = popen(line, "r");
    assert_non_null(run);
    said[fread(said, 1, sizeof said - 1, run)] = '\0';
    assert_int_equal(pclose(run), 0);
    assert_string_equal(said, "");
    for (int k = 0; k < n; k++) {
        char path[SCRATCH_SIZE + 60];
        struct stat info;
        snprintf(path, sizeof path, "%s/%s.by_gnuplot", folder, names[k]);
        if (stat(path, &info) != 0 || info.st_size < 1500)
            fail_msg("gnuplot has drawn nothing of %s", names[k]);
    }
    free(line);
}

/* Points of a law, which one set alone has not. */
static void give_points(struct tui *tui)
{
    char path[SCRATCH_SIZE + 20], line[SCRATCH_SIZE + 40];
    snprintf(path, sizeof path, "%s/points.csv", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("T,tw,G2,se_G2,delta,se_delta,Dmin,se_Dmin,r0\n0.5,1,2,0.2,0.05,0.005,0.2,0.01,0.9\n0.5,3,4,0.2,0.11,0.005,0.3,0.01,0.9\n"
          "0.5,10,5,0.2,0.25,0.01,0.45,0.01,0.9\n0.5,30,4,0.2,0.31,0.01,0.5,0.01,0.9\n", file);
    fclose(file);
    snprintf(line, sizeof line, "points %s", path);
    screen_run(tui, WIDTH, HEIGHT, line);
}

static void every_view_in_every_format(void **state)
{
    static const char *const views[] = {"pu",   "gr",  "slice", "table", "dtw",  "cycles",   "map", "dynamics",
                                        "scaling", "jobs", "log",   "notes", "output"};
    enum { VIEWS = sizeof views / sizeof *views };
    const char *names[VIEWS + 3];
    struct tui tui;
    (void)state;
    assert_true(scratch_make(folder));
    session_set_painter(demo, paint_file);
    screen_begin(&tui, demo, WIDTH, HEIGHT);
    screen_settle(&tui, WIDTH, HEIGHT);
    screen_run(&tui, WIDTH, HEIGHT, "goto tw=500; goto atom=100; note 'seen'; info");
    for (int v = 0; v < VIEWS; v++) {
        char line[40];
        if (strcmp(views[v], "scaling") == 0)
            give_points(&tui);
        snprintf(line, sizeof line, "view %s", views[v]);
        screen_run(&tui, WIDTH, HEIGHT, line);
        export_all(&tui, names[v] = views[v]);
    }
    screen_run(&tui, WIDTH, HEIGHT, "view slice; slice space=on turn=40 tip=20");
    export_all(&tui, names[VIEWS] = "space");
    screen_run(&tui, WIDTH, HEIGHT, "view pu; show diff");
    export_all(&tui, names[VIEWS + 1] = "diff");
    screen_run(&tui, WIDTH, HEIGHT, "show both; stack on; axis y log");
    export_all(&tui, names[VIEWS + 2] = "stack");
    expect_in("pu", SVG, "matched</text>");
    expect_in("pu", SVG, "g(r), peak");
    expect_in("pu", CSV, "u,");
    expect_in("table", CSV, "id,type");
    expect_in("slice", CSV, "id,type");
    expect_in("table", SVG, "u_lab");
    expect_in("dtw", SVG, "RMSD of IS");
    expect_in("dtw", CSV, "t_w");
    expect_in("map", JSON, "\"d_min\":");
    expect_in("scaling", SVG, "delta = ");
    expect_in("notes", TXT, "seen");
    expect_in("notes", CSV, "seen");
    expect_in("slice", SVG, "<circle");
    expect_in("stack", GP, "set logscale y");
    expect_plots(names, VIEWS + 3);
    tui_done(&tui);
    assert_true(scratch_drop(folder));
}

/* What a line has shown is what the same line exports; a script does so, too, until it looks at something else. */
static void lines_export_what_they_show(void **state)
{
    struct tui tui;
    char line[3 * SCRATCH_SIZE + 200];
    (void)state;
    assert_true(scratch_make(folder));
    screen_begin(&tui, demo, WIDTH, HEIGHT);
    screen_settle(&tui, WIDTH, HEIGHT);
    snprintf(line, sizeof line, "view table; match 0:1; export %s/match.csv; view table; export %s/seen.csv", folder, folder);
    screen_run(&tui, WIDTH, HEIGHT, line);
    expect_in("match", CSV, "certified");
    expect_in("seen", CSV, "partner");
    snprintf(line, sizeof line, "export %s/view.doc", folder);
    tui_run_line(&tui, line);
    assert_int_equal(tui.message_role, ROLE_ERROR);
    assert_non_null(strstr(tui.message, ".svg"));
    snprintf(line, sizeof line, "export %s/nowhere/view.svg", folder);
    tui_run_line(&tui, line);
    assert_int_equal(tui.message_role, ROLE_ERROR);
    tui_done(&tui);
    assert_true(scratch_drop(folder));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_view_in_every_format),
        cmocka_unit_test(lines_export_what_they_show),
    };
    return cmocka_run_group_tests(tests, screen_open_demo, screen_close_demo);
}
