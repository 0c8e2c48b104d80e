-- SPDX-License-Identifier: GPL-3.0-or-later
-- Views for people and other programs: energies per atom, times as text, frames by set and number.

--: inherent structures, one row for each set that has the frame
CREATE VIEW structures_readable AS
SELECT s.name AS "set", sf.number AS frame, f.atoms, st.method, st.energy / max(f.atoms, 1) AS energy,
       st.energy_start / max(f.atoms, 1) AS energy_start, st.fmax, st.fnorm, st.iterations, st.evaluations,
       iif(st.converged, 'yes', 'no') AS converged, st.stop, st.seconds, p.name AS potential, st.ftol, st.kernel,
       datetime(st.made, 'unixepoch') AS made
FROM structures st
JOIN frames f ON f.id = st.frame_id
JOIN potentials p ON p.id = st.potential_id
LEFT JOIN set_frames sf ON sf.frame_id = f.id
LEFT JOIN sets s ON s.id = sf.set_id;

--: matchings, one row for each set that has both frames
CREATE VIEW matchings_readable AS
SELECT s.name AS "set", fa.number AS "from", fb.number AS "to",
       iif(m.a_structure_id IS NULL, 'raw', 'is') AS "of", m.species, m.options, m.n, m.d_min, m.sum_sq, m.rmsd,
       m.rmsd_unwrapped, m.exchanged, m.exchanged_type, m.jump_fraction, m.max_u, m.n_cycles AS cycles, m.longest,
       iif(m.certified, 'yes', 'no') AS certified, m.gap_abs, st.method, p.name AS potential, m.seconds,
       datetime(m.made, 'unixepoch') AS made
FROM matchings m
LEFT JOIN set_frames fa ON fa.frame_id = m.a_frame_id
LEFT JOIN set_frames fb ON fb.frame_id = m.b_frame_id AND fb.set_id = fa.set_id
LEFT JOIN sets s ON s.id = fa.set_id
LEFT JOIN structures st ON st.id = m.a_structure_id
LEFT JOIN potentials p ON p.id = st.potential_id
WHERE fa.set_id IS NULL OR fb.set_id IS NOT NULL;

--: data sets with what is known of them
CREATE VIEW sets_readable AS
SELECT s.name AS "set", s.frames,
       (SELECT count(DISTINCT st.frame_id) FROM set_frames sf JOIN structures st ON st.frame_id = sf.frame_id
        WHERE sf.set_id = s.id) AS frames_quenched,
       (SELECT count(*) FROM matchings m
        WHERE m.a_frame_id IN (SELECT frame_id FROM set_frames WHERE set_id = s.id)
          AND m.b_frame_id IN (SELECT frame_id FROM set_frames WHERE set_id = s.id)) AS matchings,
       s.bytes, datetime(s.opened, 'unixepoch') AS opened, s.paths
FROM sets s;

--: the command log with times as text
CREATE VIEW log_readable AS
SELECT datetime(session, 'unixepoch') AS session, datetime(at, 'unixepoch') AS at, command, status FROM log ORDER BY id;
