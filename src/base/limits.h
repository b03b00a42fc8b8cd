/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every limit of the program, with its reason. Nothing else in the tree holds a magic bound.
 */
#ifndef DS_BASE_LIMITS_H
#define DS_BASE_LIMITS_H

/* Property lists: Apple's own nest below 10; libplist 2.2.0 overflows its stack at 30,000. */
#define LIMIT_PLIST_DEPTH 64
/* A CodeResources of 100,000 files is about 25 MB. */
#define LIMIT_PLIST_BYTES (64u << 20)

/* DER and BER: certificates nest below 16, launch constraints below 32. */
#define LIMIT_DER_DEPTH 64

/* The reference reads no universal header with more records (static-validation.md §2.2). */
#define LIMIT_FAT_SLICES 100
/* Load commands of the largest shipped executables stay below 1 MB. */
#define LIMIT_LOAD_COMMANDS (16u << 20)
/* A signature blob; the largest seen is 5 MB (an 88 MB executable has 0.7 MB of page hashes). */
#define LIMIT_SUPERBLOB (256u << 20)
/* Entries of a SuperBlob index; real ones have at most 12. */
#define LIMIT_SUPERBLOB_ENTRIES 4096

/* An entitlement blob's content: the kernel refuses more than 0x20000 bytes (launch-policy.md §3.1, KP5). */
#define LIMIT_ENTITLEMENTS (256u << 10)

/* A provisioning profile; one with 300 devices and 100 certificates is 0.4 MB. */
#define LIMIT_PROFILE (4u << 20)
/* Keys of one; real ones have at most 21. They are compared pairwise. */
#define LIMIT_PROFILE_KEYS 4096

/* Evaluation depth: the reference refuses a node at level 1000 (requirement-language.md §4.2). */
#define LIMIT_REQ_EVAL_DEPTH 1000
/* Comparing requirements: cases tried for one length of chain; the largest real ones need some hundred. */
#define LIMIT_REQ_SOLVE_STEPS 20000
/* The longest chain thought up; real ones have at most 5 certificates. */
#define LIMIT_REQ_SOLVE_CHAIN 12
/* Parts of a requirement that lint compares with each other; the largest real ones have 60. */
#define LIMIT_REQ_LINT_PARTS 400
/* Stored requirements that name further ones: Apple publishes none at all. */
#define LIMIT_REQ_FRAGMENTS 8
/* Source nesting: the reference compiles 20,000 parentheses; ours keeps its own stack beyond the C one. */
#define LIMIT_REQ_SOURCE_DEPTH 100000
/* Requirement text; the tools read 10,239 bytes, the API takes any length. */
#define LIMIT_REQ_TEXT (16u << 20)

/* Symbolic links followed for one path: macOS gives up after 33 (static-validation.md §6.8). */
#define LIMIT_SYMLINK_HOPS 33
/* Directory depth of a bundle; PATH_MAX ends real ones earlier. */
#define LIMIT_TREE_DEPTH 256
/* Files of one input; the issue's own stress case has 100,000. */
#define LIMIT_TREE_NODES 2000000
/* What is read of scripts, and the most a property list out of place may have to be looked into. */
#define LIMIT_PLAIN_HEAD (64u << 10)
/* Code nested in code. */
#define LIMIT_NESTED_CODE_DEPTH 64

/*
 * Archives (ASSUMPTION(archive-bomb)): unpacked size in all, and unpacked-to-packed ratio (bombs). Apps pack to a half
 * or a third, text to a tenth, empty space to a thousandth, so the ratio counts only beyond a first 16 MB.
 */
#define LIMIT_ARCHIVE_BYTES (8ull << 30)
#define LIMIT_ARCHIVE_RATIO 200
#define LIMIT_ARCHIVE_FREE  (16u << 20)
/* Archives inside archives. */
#define LIMIT_ARCHIVE_DEPTH 8

/* Disk images: what one compressed run may expand to (tools make them of 1 MB at most), sectors of one, and names. */
#define LIMIT_IMAGE_RUN     (16u << 20)
#define LIMIT_IMAGE_SECTORS (1ull << 40)
#define LIMIT_IMAGE_NAME    4096u

/* A package's table of contents: Apple's largest is 2 MB. Folders in folders, and elements in all. */
#define LIMIT_XAR_TABLE    (64u << 20)
#define LIMIT_XML_DEPTH    256
#define LIMIT_XML_ELEMENTS 1000000

/* Certificates taken from one signature. */
#define LIMIT_CERTS 64
/* Relative distinguished names: from 1024 on the reference calls a name undecodable (§4.5). */
#define LIMIT_RDNS 1024
/* A resource rule's regular expression. */
#define LIMIT_REGEX_BYTES 4096
/* Expressions kept for all seals of an input: the usual rule sets together have 40. */
#define LIMIT_REGEX_KEPT 256
/* Resource rules of one seal; the reference's own sets have 13 at most, the largest real one 20. */
#define LIMIT_RULES 1000
/* Steps of matching for one seal, about a nanosecond each: 100,000 files under the 13 rules take 0.1 G. */
#define LIMIT_RULES_WORK (20ull << 30)

/* Facts and reports in JSON; facts of real code stay below 100 kB. */
#define LIMIT_JSON_BYTES (64u << 20)
#define LIMIT_JSON_DEPTH 128

/* Search for repairs: steps of one, alternatives, and judgements made on the way (one takes about a millisecond). */
#define LIMIT_REPAIR_STEPS        4
#define LIMIT_REPAIR_ALTERNATIVES 3
#define LIMIT_REPAIR_JUDGEMENTS   150
/* Differences of two artifacts that are tried, each by one or two judgements. */
#define LIMIT_COMPARE_JUDGEMENTS 400

/* Case and rule files. */
#define LIMIT_YAML_BYTES (8u << 20)
#define LIMIT_YAML_DEPTH 64

#endif
