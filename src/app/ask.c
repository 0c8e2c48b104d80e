/* Asking for computed things: what is there is given, what is not is submitted as a job. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/choice.h"
#include "app/entry.h"
#include "app/interrupted.h"
#include "app/session.h"

/* --- the system against the frames --- */

/* A flat system needs flat frames; a built-in 3D one is not meant for flat frames. */
static isd_status check_dimension(struct session *session, int32_t frame, bool for_energy, isd_error *err)
{
    const struct dataset *set = session_current(session);
    int dim = session_dimension(session);
    const struct system_settings *system = &session->system;
    const char *name = system->name[0] && !system->dimension_said ? system->name : "dimension 2";
    if (dim == 2 && set->natural_dimension == 3 && frame_set_info(set->frames, frame)->n > 1) {
        isd_error_set(err, ISD_DATA, "%s is two-dimensional, but z differs from atom to atom in set %s", name, set->name);
        isd_error_hint(err, "choose a three-dimensional system, as in `system ka3d`, or `dimension 3`");
        return ISD_DATA;
    }
    if (for_energy && system->name[0] && !system->dimension_said && system->dimension == 3 && dim == 2 &&
        frame_set_info(set->frames, frame)->n > 1) {
        isd_error_set(err, ISD_DATA, "system %s is three-dimensional, but set %s is flat: every z is equal", name, set->name);
        isd_error_hint(err, "choose a two-dimensional system, as in `system ka2d`");
        return ISD_DATA;
    }
    return ISD_OK;
}

static isd_status get_potential(struct session *session, int32_t frame, isd_error *err)
{
    int types = frame_set_info(session_current(session)->frames, frame)->n_types;
    if (session->potential && session->potential_types >= types)
        return ISD_OK;
    isd_potential *made = NULL;
    types = types > 0 ? types : 1;
    isd_status status = system_potential(&session->system, types, session_note_text, session, &made, err);
    if (status != ISD_OK)
        return status;
    isd_potential_unref(session->potential);
    session->potential = made;
    session->potential_types = types;
    return ISD_OK;
}

isd_status session_make_potential(struct session *session, int32_t frame, isd_error *err)
{
    isd_status status = check_dimension(session, frame, true, err);
    return status == ISD_OK ? get_potential(session, frame, err) : status;
}

const isd_potential *session_potential(const struct session *session)
{
    return session->potential;
}

/* --- asking --- */

void structure_defaults(const struct session *session, bool is, struct structure *ret_structure)
{
    ret_structure->is = is;
    ret_structure->quench = session->quench;
    if (isnan(ret_structure->quench.ftol))
        ret_structure->quench.ftol = strcmp(session_units(session), "metal") == 0 ? 1e-6 : 1e-8;
}

static int32_t method_index(const char *name)
{
    for (int k = 0; isd_quench_method(k); k++)
        if (strcmp(isd_quench_method(k), name) == 0)
            return k;
    return -1;
}

/* A key of something quenched. */
static void key_quench(struct entry_key *key, const isd_quench_options *options)
{
    key->is = 1;
    key->method = method_index(options->method);
    key->ftol = options->ftol;
    key->etol = options->etol;
    key->max_iterations = options->max_iterations;
}

static struct entry_key make_key(const struct session *session, enum entry_kind kind, int32_t a, int32_t b,
                                 const struct structure *structure)
{
    struct entry_key key;
    memset(&key, 0, sizeof key); /* compared as bytes */
    key.kind = kind;
    key.set = session_current_set_id(session);
    key.a = a;
    key.b = b;
    if (structure && structure->is && !session_frames_are_is(session))
        key_quench(&key, &structure->quench);
    return key;
}

/* Work on a frame that needs its forces: the frame and the potential, which must fit one another. NULL: *err says why. */
static struct work *force_work(struct session *session, int32_t frame, isd_error *err)
{
    struct work *work = work_new(err);
    if (!work)
        return NULL;
    if (session_want_frame(session, frame, &work->want[0], err) != ISD_OK ||
        check_dimension(session, frame, true, err) != ISD_OK || get_potential(session, frame, err) != ISD_OK) {
        work_free(work);
        return NULL;
    }
    work->potential = isd_potential_ref(session->potential);
    return work;
}

/* The work of a quench, with what it will be kept by. */
static struct work *quench_work(struct session *session, int32_t frame, const isd_quench_options *options, isd_error *err)
{
    struct work *work = force_work(session, frame, err);
    if (!work)
        return NULL;
    work->quench = *options;
    work->quench.method = isd_quench_method(method_index(options->method)); /* outlives the command that named it */
    keep_tag_structure(session, frame, &work->quench, &work->tag);
    return work;
}

enum ask session_quench(struct session *session, int32_t frame, const isd_quench_options *options, double priority,
                        const struct quenched **ret_quenched, isd_error *err)
{
    struct entry_key key = make_key(session, ENTRY_QUENCH, frame, frame, NULL);
    key_quench(&key, options);
    struct entry *entry = NULL;
    enum ask known = entry_look_up(session, &key, priority, &entry, err);
    if (known == ASK_READY)
        *ret_quenched = &entry->quenched;
    if (entry)
        return known;
    struct work *work = quench_work(session, frame, options, err);
    if (!work)
        return ASK_FAILED;
    if (keep_find_structure(session, &work->tag, &work->made_quench.result)) {
        isd_quench_result result = work->made_quench.result;
        work_free(work);
        if (!(entry = entry_add(session, &key, err)))
            return ASK_FAILED;
        entry->state = ASK_READY;
        entry->quenched.result = result;
        *ret_quenched = &entry->quenched;
        return ASK_READY;
    }
    char label[64];
    snprintf(label, sizeof label, "quench %d", (int)frame);
    interrupted_take(session, &key, &work->checkpoint);
    return entry_submit(session, &key, work, work_quench, label, priority, err);
}

/* The positions of a structure whose numbers came from a store. */
static enum ask restore_structure(struct session *session, int32_t frame, const isd_quench_options *options, double priority,
                                  isd_error *err)
{
    struct entry_key key = make_key(session, ENTRY_QUENCH, frame, frame, NULL);
    key_quench(&key, options);
    struct entry *entry = entry_find(session, &key);
    struct work *work = quench_work(session, frame, options, err);
    if (!entry || !work) {
        work_free(work);
        return ASK_FAILED;
    }
    work->known = keep_find_positions(session, &work->tag, &work->structure_arrays);
    work->made_quench.result = entry->quenched.result;
    char label[64];
    snprintf(label, sizeof label, "restore %d", (int)frame);
    return entry_submit_for(session, entry, work, work_quench, label, priority, err);
}

enum ask session_quenched(struct session *session, int32_t frame, const isd_quench_options *options, double priority,
                          const struct quenched **ret_quenched, isd_error *err)
{
    const struct quenched *quenched = NULL;
    enum ask known = session_quench(session, frame, options, priority, &quenched, err);
    if (known == ASK_READY && !quenched->snapshot)
        known = restore_structure(session, frame, options, priority, err);
    if (known == ASK_READY)
        *ret_quenched = quenched;
    return known;
}

/* A structure for a job: *ret_snapshot is borrowed if it is there already, else *ret_want says what to load. load false: an inherent
 * structure may stay where it is kept, *ret_snapshot is NULL then. */
static enum ask structure_input(struct session *session, int32_t frame, const struct structure *structure, bool load,
                                double priority, struct frame_want *ret_want, const isd_snapshot **ret_snapshot, int *ret_unconverged,
                                isd_error *err)
{
    if (structure->is && !session_frames_are_is(session)) {
        const struct quenched *quenched = NULL;
        enum ask known = load ? session_quenched(session, frame, &structure->quench, priority, &quenched, err)
                              : session_quench(session, frame, &structure->quench, priority, &quenched, err);
        if (known == ASK_READY) {
            *ret_snapshot = quenched->snapshot;
            *ret_unconverged = !quenched->result.converged;
        }
        return known;
    }
    struct frame_want want = {0};
    if (session_want_frame(session, frame, &want, err) != ISD_OK)
        return ASK_FAILED;
    if (check_dimension(session, frame, false, err) != ISD_OK) {
        frame_want_done(&want);
        return ASK_FAILED;
    }
    *ret_want = want;
    *ret_unconverged = 0;
    return ASK_READY;
}

enum ask session_structure(struct session *session, int32_t frame, const struct structure *structure, double priority,
                           const isd_snapshot **ret_snapshot, int *ret_unconverged, isd_error *err)
{
    struct frame_want want = {0};
    enum ask known = structure_input(session, frame, structure, true, priority, &want, ret_snapshot, ret_unconverged, err);
    if (known != ASK_READY || !want.frames)
        return known;
    frame_want_done(&want);
    return session_frame(session, frame, ret_snapshot, err) == ISD_OK ? ASK_READY : ASK_FAILED;
}

enum ask session_structure_known(struct session *session, int32_t frame, const struct structure *structure, double priority,
                                 int *ret_unconverged, isd_error *err)
{
    struct frame_want want = {0};
    const isd_snapshot *ignored = NULL;
    enum ask known = structure_input(session, frame, structure, false, priority, &want, &ignored, ret_unconverged, err);
    frame_want_done(&want);
    return known;
}

/* What a matching is made of: both structures, each there or to be loaded. */
struct pair_input {
    struct frame_want want[2];
    const isd_snapshot *snapshot[2];
    int unconverged;
};

static void pair_input_done(struct pair_input *pair)
{
    for (int k = 0; k < 2; k++)
        frame_want_done(&pair->want[k]);
}

/* Both structures of a pair: both are asked for before either is waited for. To be given to pair_input_done if ready. load: as for
 * structure_input. */
static enum ask both_structures(struct session *session, const struct match_request *request, bool load, double priority,
                                struct pair_input *ret_pair, isd_error *err)
{
    struct pair_input pair = {.unconverged = 0};
    int32_t frame[2] = {request->a, request->b};
    int unconverged[2] = {0, 0};
    enum ask answer[2] = {ASK_FAILED, ASK_FAILED};
    for (int k = 0; k < 2 && (k == 0 || answer[0] != ASK_FAILED); k++)
        answer[k] = structure_input(session, frame[k], &request->structure, load, priority, &pair.want[k], &pair.snapshot[k],
                                    &unconverged[k], err);
    if (answer[0] != ASK_READY || answer[1] != ASK_READY) {
        pair_input_done(&pair);
        return answer[0] == ASK_FAILED || answer[1] == ASK_FAILED ? ASK_FAILED : ASK_PENDING;
    }
    pair.unconverged = unconverged[0] + (request->a != request->b ? unconverged[1] : 0);
    *ret_pair = pair;
    return ASK_READY;
}

static struct entry_key match_key(const struct session *session, const struct match_request *request, int choice)
{
    struct entry_key key = make_key(session, ENTRY_MATCH, request->a, request->b, &request->structure);
    key.blind = request->blind || request->like_script;
    key.order_is_id = request->order_is_id;
    key.drift_remove = request->drift_remove;
    key.like_script = request->like_script;
    key.affine = request->affine;
    key.align = request->align;
    key.type = request->type;
    key.choice = choice;
    key.eps = request->alternatives ? request->eps : -1;
    key.phases = request->phases;
    return key;
}

/* Which atoms of A the request chooses: only that needs A itself before the job runs. */
static isd_status choose_atoms(const struct session *session, const struct match_request *request, struct work *work,
                               isd_error *err)
{
    if (!request->atoms && !request->filter)
        return ISD_OK;
    const isd_snapshot *a = isd_snapshot_ref(work->a);
    isd_status status = a ? ISD_OK : frame_want_load(&work->want[0], &a, err);
    if (status == ISD_OK)
        status = choice_mask(session, a, request->atoms, request->filter, &work->select, err);
    isd_snapshot_unref(a);
    return status;
}

/* The job of a request, which takes over what the pair wants; NULL with err. */
static struct work *match_work(const struct session *session, const struct match_request *request,
                               struct pair_input *pair, isd_error *err)
{
    struct work *work = work_new(err);
    if (!work)
        return NULL;
    memcpy(work->want, pair->want, sizeof work->want);
    memset(pair->want, 0, sizeof pair->want);
    work->a = isd_snapshot_ref(pair->snapshot[0]);
    work->b = isd_snapshot_ref(pair->snapshot[1]);
    if (choose_atoms(session, request, work, err) != ISD_OK) {
        work_free(work);
        return NULL;
    }
    for (int t = 0; t <= ISD_MAX_TYPES; t++)
        work->mass[t] = session->system.has_mass[t] ? session->system.mass[t] : 1.0;
    work->brief = request->brief;
    work->match = (struct match_options){.like = request->like_script ? MATCH_LIKE_SCRIPT : MATCH_LIKE_EXACT,
                                         .blind = request->blind,
                                         .order_is_id = request->order_is_id,
                                         .drift_remove = request->drift_remove,
                                         .affine = request->affine,
                                         .align = request->align,
                                         .type = request->type,
                                         .select = work->select,
                                         .mass = work->mass,
                                         .alternatives = request->alternatives,
                                         .eps = request->eps};
    return work;
}

/* What is in memory of a request: in full, or the numbers alone where they will do. */
static enum ask look_up_match(struct session *session, const struct entry_key *full, const struct match_request *request,
                              double priority, struct entry **ret_entry, isd_error *err)
{
    struct entry_key brief = *full;
    brief.brief = 1;
    struct entry *entry = entry_find(session, full);
    if (entry && entry->state == ASK_READY)
        return entry_look_up(session, full, priority, ret_entry, err);
    bool brief_will_do = request->brief || (request->numbers && entry_find(session, &brief));
    return entry_look_up(session, brief_will_do ? &brief : full, priority, ret_entry, err);
}

/* The numbers of a match become an entry; they are taken over. */
static enum ask enter_numbers(struct session *session, const struct entry_key *full, struct match *numbers,
                              const struct match **ret_match, isd_error *err)
{
    struct entry_key brief = *full;
    brief.brief = 1;
    struct entry *entry = entry_add(session, &brief, err);
    if (!entry) {
        match_free(numbers);
        return ASK_FAILED;
    }
    entry->state = ASK_READY;
    entry->match = numbers;
    *ret_match = numbers;
    return ASK_READY;
}

/* Nothing in memory, the structures exist: from the store, or a job. numbers: taken over, NULL if the store has none. */
static enum ask make_match(struct session *session, const struct match_request *request, const struct entry_key *full,
                           struct keep_tag *tag, struct match *numbers, double priority, isd_error *err)
{
    struct pair_input pair;
    enum ask structures = both_structures(session, request, true, priority, &pair, err);
    struct work *work = structures == ASK_READY ? match_work(session, request, &pair, err) : NULL;
    if (structures == ASK_READY)
        pair_input_done(&pair);
    if (!work) {
        match_free(numbers);
        return structures == ASK_READY ? ASK_FAILED : structures;
    }
    work->tag = *tag;
    *tag = (struct keep_tag){0};
    work->known = numbers && keep_find_partners(session, &work->tag, &work->matching_arrays);
    if (work->known)
        work->made_match = numbers;
    else
        match_free(numbers);
    struct entry_key key = *full;
    key.brief = request->brief;
    char label[64];
    snprintf(label, sizeof label, "match %d:%d%s", (int)request->a, (int)request->b, request->blind ? " blind" : "");
    return entry_submit(session, &key, work, work_match, label, priority, err);
}

enum ask session_match(struct session *session, const struct match_request *request, double priority,
                       const struct match **ret_match, int *ret_unconverged, isd_error *err)
{
    int choice = choice_number(session, request->atoms, request->filter);
    if (choice < 0) {
        isd_error_memory(err);
        return ASK_FAILED;
    }
    struct entry_key full = match_key(session, request, choice);
    struct entry *entry = NULL;
    enum ask known = look_up_match(session, &full, request, priority, &entry, err);
    if (entry && known != ASK_READY)
        return known;
    struct pair_input pair;
    enum ask structures = both_structures(session, request, false, priority, &pair, err);
    if (structures != ASK_READY)
        return structures;
    pair_input_done(&pair);
    *ret_unconverged = pair.unconverged;
    if (entry) {
        *ret_match = entry->match;
        return ASK_READY;
    }
    struct keep_tag tag;
    struct match *numbers = NULL;
    keep_tag_match(session, request, &tag);
    bool from_store = !request->phases && keep_find_match(session, &tag, &numbers);
    enum ask answer = from_store && (request->numbers || request->brief)
                          ? enter_numbers(session, &full, numbers, ret_match, err)
                          : make_match(session, request, &full, &tag, numbers, priority, err);
    keep_tag_done(&tag);
    return answer;
}

enum ask session_fidelity(struct session *session, int32_t frame, const isd_quench_options *a, const isd_quench_options *b,
                          double priority, const struct match **ret_match, isd_error *err)
{
    struct entry_key key = make_key(session, ENTRY_FIDELITY, frame, frame, NULL);
    key_quench(&key, a); /* quenched whatever the state of the frames */
    key.other_method = method_index(b->method);
    struct entry *entry = NULL;
    enum ask known = entry_look_up(session, &key, priority, &entry, err);
    if (known == ASK_READY)
        *ret_match = entry->match;
    if (entry)
        return known;
    const struct quenched *found[2] = {NULL, NULL};
    enum ask one = session_quench(session, frame, a, priority, &found[0], err);
    if (one == ASK_FAILED)
        return one;
    enum ask two = session_quench(session, frame, b, priority, &found[1], err);
    if (one != ASK_READY || two != ASK_READY)
        return two == ASK_FAILED ? two : ASK_PENDING;
    struct keep_tag tag;
    struct match *numbers = NULL;
    keep_tag_fidelity(session, frame, a, b, &tag);
    if (keep_find_match(session, &tag, &numbers)) {
        keep_tag_done(&tag);
        if (!(entry = entry_add(session, &key, err))) {
            match_free(numbers);
            return ASK_FAILED;
        }
        entry->state = ASK_READY;
        *ret_match = entry->match = numbers;
        return ASK_READY;
    }
    one = session_quenched(session, frame, a, priority, &found[0], err);
    two = one == ASK_FAILED ? one : session_quenched(session, frame, b, priority, &found[1], err);
    enum ask there = two == ASK_READY ? one : two;
    struct work *work = there == ASK_READY ? work_new(err) : NULL;
    if (!work) {
        keep_tag_done(&tag);
        return there == ASK_READY ? ASK_FAILED : there;
    }
    work->tag = tag;
    work->a = isd_snapshot_ref(found[0]->snapshot);
    work->b = isd_snapshot_ref(found[1]->snapshot);
    char label[64];
    snprintf(label, sizeof label, "match %d %s:%s", (int)frame, a->method, b->method);
    return entry_submit(session, &key, work, work_match, label, priority, err);
}

enum ask session_gr(struct session *session, int32_t frame, const struct structure *structure, int bins, double max,
                    double priority, const struct gr_counts **ret_counts, isd_error *err)
{
    struct entry_key key = make_key(session, ENTRY_GR, frame, frame, structure);
    key.bins = bins;
    key.max = max;
    struct entry *entry = NULL;
    enum ask known = entry_look_up(session, &key, priority, &entry, err);
    if (known == ASK_READY)
        *ret_counts = entry->gr;
    if (entry)
        return known;
    int unconverged = 0;
    known = session_structure_known(session, frame, structure, priority, &unconverged, err);
    if (known != ASK_READY)
        return known;
    struct keep_tag tag;
    struct gr_counts *gr = NULL;
    keep_tag_gr(session, frame, structure, bins, max, &tag);
    if (keep_find_gr(session, &tag, &gr)) {
        keep_tag_done(&tag);
        if (!(entry = entry_add(session, &key, err))) {
            gr_free(gr);
            return ASK_FAILED;
        }
        entry->state = ASK_READY;
        *ret_counts = entry->gr = gr;
        return ASK_READY;
    }
    struct frame_want want = {0};
    const isd_snapshot *snapshot = NULL;
    known = structure_input(session, frame, structure, true, priority, &want, &snapshot, &unconverged, err);
    struct work *work = known == ASK_READY ? work_new(err) : NULL;
    if (!work) {
        frame_want_done(&want);
        keep_tag_done(&tag);
        return known == ASK_READY ? ASK_FAILED : known;
    }
    work->tag = tag;
    work->want[0] = want;
    work->a = isd_snapshot_ref(snapshot);
    work->bins = bins;
    work->max = max;
    char label[64];
    snprintf(label, sizeof label, "g(r) %d", (int)frame);
    return entry_submit(session, &key, work, work_gr, label, priority, err);
}

/* Ready from a store. */
static enum ask know_energy(struct session *session, const struct entry_key *key, const struct frame_energy *energy,
                            const struct frame_energy **ret_energy, isd_error *err)
{
    struct entry *entry = entry_add(session, key, err);
    if (!entry)
        return ASK_FAILED;
    entry->state = ASK_READY;
    entry->energy = *energy;
    *ret_energy = &entry->energy;
    return ASK_READY;
}

enum ask session_energy(struct session *session, int32_t frame, bool forces, double priority, const struct frame_energy **ret_energy,
                        isd_error *err)
{
    struct entry_key key = make_key(session, ENTRY_ENERGY, frame, frame, NULL);
    struct entry *entry = entry_find(session, &key); /* with forces, which serves both */
    if (!forces && (!entry || entry->state != ASK_READY)) {
        key.brief = true;
        entry = NULL;
    }
    enum ask known = entry_look_up(session, &key, priority, &entry, err);
    if (known == ASK_READY)
        *ret_energy = &entry->energy;
    if (entry)
        return known;
    struct work *work = force_work(session, frame, err);
    if (!work)
        return ASK_FAILED;
    struct frame_energy energy;
    keep_tag_energy(session, frame, &work->tag);
    if (!forces && keep_find_energy(session, &work->tag, &energy)) {
        work_free(work);
        return know_energy(session, &key, &energy, ret_energy, err);
    }
    work->forces = forces;
    char label[64];
    snprintf(label, sizeof label, "energy %d", (int)frame);
    return entry_submit(session, &key, work, work_energy, label, priority, err);
}
