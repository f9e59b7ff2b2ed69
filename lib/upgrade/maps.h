/* SPDX-License-Identifier: MIT */
#ifndef SOV_UPGRADE_MAPS_H
#define SOV_UPGRADE_MAPS_H

#include <stdbool.h>
#include <stdint.h>

/* struct sov_mapping - one line of /proc/PID/maps. */
struct sov_mapping {
	uint64_t start, end;
	bool read, write, execute, shared;
	uint64_t offset;
	/* The device as the kernel knows it; btrfs and older overlayfs tell stat(2) another one. */
	unsigned major, minor;
	uint64_t inode; /* 0 = no file */
	/* Borrowed from the line, "" = none: what the kernel wrote, a newline as "\012" and
	 * nothing else escaped; " (deleted)" is behind a path that leads there no longer. */
	const char *path;
};

/*
 * sov_mapping_parse - read one line.
 *
 * @line: no newline at its end
 * Returns true with *out filled, or false when it is no such line.
 * Source: proc_pid_maps(5); show_map_vma() and seq_path() of Linux.
 */
bool sov_mapping_parse(struct sov_mapping *out, const char *line);

/* sov_mapping_deleted - does a path of a line end in " (deleted)"? So may a file's own name. */
bool sov_mapping_deleted(const char *path);

/* sov_mapping_unescape - "\012" in a path becomes the newline that the kernel has most probably
 * read: a file may also bear those four bytes in its name. Returns true when there was one. */
bool sov_mapping_unescape(char *path);

#endif
