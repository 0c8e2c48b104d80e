/* What several commands share: readings from options, marks, units. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_CMD_COMMON_H
#define APP_CMD_COMMON_H

#include "app/command.h"

/* ids=order, species=, drift=, of= and the quench settings in force, for the pair a:b. */
void request_from_call(struct session *session, const struct command_call *call, int32_t a, int32_t b,
                       struct match_request *ret_request);

/* type=, by number or label; 0: all, which "all" and no such option mean. ISD_USAGE: there is no such type. */
isd_status type_from_call(struct session *session, const struct command_call *call, int *ret_type, isd_error *err);

/* like=, boxes=, align=, type=, atoms=, filter=, eps= into the request, whose texts are then the call's. ISD_USAGE where they
 * cannot be read or do not go together. */
isd_status readings_from_call(struct session *session, const struct command_call *call, struct match_request *request,
                              isd_error *err);

/* As keys: the pair, t_w and what is matched with what; */
void give_pair(struct session *session, struct result *result, const struct match_request *request);
/* the other readings in force and the choice of atoms (boxes: what was done). */
void give_chosen(struct result *result, const struct match_request *request, const struct match *match);
/* The readings of many matchings (boxes: what was asked for). */
void give_wanted(struct result *result, const struct match_request *request);

/* of=, and the quench settings in force. */
void structure_from_call(struct session *session, const struct command_call *call, struct structure *ret_structure);

/* The pair A:B of a command whose words are ARG_PAIR_OR_TW, or all pairs of `series` that are tw= apart; *ret_tw is their waiting
 * time. Freed by the caller. */
isd_status pairs_from_call(struct session *session, const struct command_call *call, struct frame_pair **ret_pairs, int32_t *ret_n,
                           double *ret_tw, isd_error *err);

/* Wants inherent structures but there is neither a system nor state=is: refused with a next step. */
isd_status check_can_quench(struct session *session, const struct structure *structure, isd_error *err);

/* Neither a system nor a pair_style: refused with a next step. */
isd_status check_has_potential(struct session *session, isd_error *err);

/* "A-B" by labels where both have one, else "1-2"; the smaller type first. */
void pair_name(const struct session *session, int a, int b, char *out, size_t size);

/* {"2": 5, "3": 1}: how many there are of each length from `from` to `longest` that occurs. */
struct result *counts_object(const int32_t *count, int32_t longest, int32_t from);

/* Pass a result on, or fail when building it ran out of memory. */
enum ask give(const struct command_sink *sink, struct result *result, isd_error *err);

#endif
