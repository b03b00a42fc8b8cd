/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Code: the facts. Everything true of one piece of code and of the code nested in it, unjudged, as the seal
 * layer read it, plus the findings of static validation (which need the bytes and so are made while
 * reading). Policy judges only this struct; what-if edits a copy of it.
 *
 * Paths: `path` is the path as reported, from the top-level item on ("Example.app/Contents/PlugIns/T.appex").
 */
#ifndef DS_SEAL_CODE_H
#define DS_SEAL_CODE_H

#include "base/file.h"
#include "base/finding.h"
#include "base/value.h"
#include "base/verdict.h"
#include "crypto/store.h"
#include "crypto/x509.h"
#include "format/codedir.h"

enum code_kind {
    CODE_APP,
    CODE_APPEX,
    CODE_SYSEXT,
    CODE_DEXT,
    CODE_FRAMEWORK,
    CODE_XPC,
    CODE_BUNDLE,
    CODE_PLUGIN,
    CODE_KEXT,
    CODE_DYLIB,
    CODE_TOOL, /* single Mach-O files: not MH_EXECUTE / MH_EXECUTE */
    CODE_SCRIPT,
    CODE_DATA, /* generic files */
    CODE_DMG,
    CODE_PKG,
    CODE_ARCHIVE,
};
const char *code_kind_name(enum code_kind kind);

/* Everything the signature of one slice (or of a file without slices) says. */
struct signature {
    bool present;          /* some signature blob, however broken */
    bool unreadable;       /* present, but unusable: findings say why */
    const char *location;  /* "embedded", "bundle files", "extended attributes", "unsigned" … */
    uint64_t offset, size; /* LC_CODE_SIGNATURE area in the file */
    uint32_t blob_length;  /* SuperBlob length */
    struct codedir *directories; /* ascending hash type */
    size_t directory_count;
    const struct codedir *chosen;  /* §3.4; NULL when none is usable */
    const struct codedir *primary; /* slot 0 */
    bool adhoc;                    /* flag of the chosen directory */

    bool has_xml_entitlements, has_der_entitlements;
    struct bytes entitlements_xml, entitlements_der; /* whole blobs, with header */
    /* What the kernel would see: DER, else XML; NULL when none or unreadable */
    struct value *entitlements;
    struct value *entitlements_from_xml; /* parsed XML, NULL when none or unreadable */
    const char *xml_error, *der_error; /* why unreadable by AMFI's strict parsers, NULL when fine */
    bool der_old_form; /* shipped before 2022: SET at the top (static-validation.md §11.7) */
    bool entitlements_differ; /* XML and DER both there and not equal */

    /* Bits by slot number: blobs that the kernel reads and no hash binds; more than one of them (§10.1). */
    uint32_t unbound_slots, repeated_slots;

    bool has_requirements;         /* slot 2 present */
    struct bytes requirements;     /* the set blob */
    const char *requirements_text; /* printed set, NULL when unreadable */
    bool dr_explicit;
    struct bytes dr; /* designated requirement in use (explicit or default), compiled; n 0: none */
    const char *dr_text;

    /* Self, parent, responsible, library: decoded, NULL when absent */
    struct value *constraints[4];
    bool has_constraint[4]; /* the slot is there, even when it does not decode */
    struct bytes ticket;    /* slot 0x10002, {NULL,0} when absent */

    bool has_cms; /* CMS blob of non-zero length */
    uint64_t cms_size;
    bool cms_valid;          /* signature, attributes and bindings hold */
    bool directories_listed; /* it lists all directories, not the one of slot 0 alone (§5.3) */
    bool chain_trusted; /* chain verifies up to a self-signed root, codeSigning usage and all */
    const struct cert **chain; /* leaf first; NULL for ad hoc */
    size_t chain_count;
    enum anchor anchor; /* of the last certificate */
    enum signer_kind signer;
    struct revocation revocation; /* what the records that were given say of the chain */
    int64_t timestamp;            /* trusted time of a valid RFC 3161 token, else WHEN_NONE */
    bool has_timestamp_token;     /* a token is there, valid or not */
    int64_t signing_time;         /* signed attribute, else WHEN_NONE */
    bool directory_valid;         /* steps a–e of §7.1 found nothing: what display goes by */
    bool core_valid;              /* steps a–h found nothing */
    /* A what-if made it: nobody has this signature, and its certificates may be made up */
    bool presumed;
};

struct link {         /* a load command that names a library */
    const char *name; /* "@rpath/Lib.framework/Versions/A/Lib" */
    bool weak;
    const char *resolved; /* reported path inside the input, NULL when outside or missing */
    bool missing;         /* a path into the bundle at which nothing lies */
};

struct slice {
    const char *arch; /* "arm64"; "" for files without slices */
    uint32_t cputype, cpusubtype;
    uint64_t offset, size;
    uint32_t filetype;   /* MH_EXECUTE 2 … */
    uint32_t mach_flags; /* MH_DYLDLINK 0x4 … */
    /* LC_BUILD_VERSION platform: 1 macOS, 2 iOS, 6 Catalyst, 10 DriverKit; 0 unknown */
    uint32_t platform;
    uint32_t minos, sdk;     /* 0x00MMmmpp, 0 unknown */
    bool uuid_bad;           /* LC_UUID has a size of its own */
    const char *bad_command; /* what the kernel finds wrong with LC_CODE_SIGNATURE, else NULL */
    bool no_room; /* not signed, and no load command of 16 bytes fits before the first section */
    unsigned exec_segments; /* segments that are mapped executable */
    struct link_vec VEC_OF(struct link) links;
    struct name_vec rpaths;
    struct value *info_section;    /* __TEXT,__info_plist parsed; NULL when absent */
    int64_t info_status;           /* what is wrong with that section: -67058 or -4960, else 0 */
    struct value *launchd_section; /* __TEXT,__launchd_plist parsed */
    struct name_vec classes;       /* Objective-C class names */
    struct name_vec imports;       /* undefined symbols */
    struct name_vec requirement_strings; /* C strings that look like requirements (XP-01) */
    struct signature sig;
    bool page_mismatch; /* a code page differs */
    uint32_t first_bad_page;
};

struct profile { /* an embedded provisioning profile, policy/profile.c judges it */
    const char *path;
    struct bytes raw; /* the file */
    bool misplaced;   /* lies where nothing looks for it */
    bool quarantined;
    bool sealed;          /* listed in the seal and unmodified */
    bool is_cms;          /* CMS SignedData with content */
    bool signature_valid; /* digest and signature hold */
    const char *error;    /* why it is no profile or its signature does not hold; NULL when fine */
    int64_t signed_at;    /* signing time, WHEN_NONE when there is none */
    const struct cert **chain; /* of its signer */
    size_t chain_count;
    enum anchor anchor;
    struct value *plist; /* the content, NULL when unreadable */
    bool has_der;        /* DER-Encoded-Profile present */
    struct value *der;   /* decoded, NULL when absent or unreadable */
    bool der_differs;
    struct name_vec der_differences; /* one line a key */
    bool der_signature_valid;        /* of the DER form's own CMS */
    enum anchor der_anchor;
    const char *der_error; /* why it is unreadable, not canonical, or badly signed */
};

struct seal_facts {
    bool present; /* CodeResources usable */
    int version;  /* 1 or 2, as display counts it */
    size_t rules, files;
    struct name_vec nested;    /* paths that the seal holds by a requirement, bytewise */
    struct name_vec loose;     /* plain files that it holds where only code belongs */
    const struct value *plist; /* the list without its files; NULL when unreadable */
};

struct ticket;

struct ticket_facts {
    bool present, valid;          /* valid: signature and chain hold */
    const struct ticket *content; /* format/ticket.h; NULL when it does not parse, and, with
                                     `valid`, when a what-if presumes one that lists all */
    bool lists_this;              /* the chosen cdhash of every slice */
    int64_t issued;
    const char *error;
};

/* A flat package's own signature, beside struct signature (static-validation.md §C.1). */
struct package_facts {
    uint8_t hash_type;     /* of the table of contents: 1 SHA-1, 2 SHA-256, 5 SHA-512 */
    struct bytes checksum; /* as stored in the heap: what is signed, and what a ticket lists */
    bool has_rsa, rsa_valid;
};

struct plain_file {      /* files policy looks at: launchd plists, scripts, updaters */
    const char *path;    /* relative to the bundle */
    struct value *plist; /* parsed when it is a property list in a place policy reads */
    struct bytes head;   /* first bytes of scripts */
    bool quarantined, executable, macho;
};

struct code;

/* What the reference would report about one object: the first error in its order, and what it says of the place. */
struct static_outcome {
    const struct finding *first; /* NULL: valid */
    const struct code *where;    /* the object the error lies in: this one, or one nested in it */
    const char *arch;            /* "In architecture: …", NULL when the reference names none */
    /* Found by comparing resources: all of `where`'s findings of that kind are listed */
    bool collected;
};

struct code {
    enum code_kind kind;
    const char *path;    /* as reported */
    const char *fs_path; /* in the file system it was read from */
    const char *root;    /* the directory in use there: of a framework its current version */
    /* As the Mac calls it: `path`, for versioned ones with "/Versions/Current/." */
    const char *shown;
    const char *name;       /* last component */
    const char *format;     /* "app bundle with Mach-O thin (arm64)" */
    const char *executable; /* reported path of the main executable, NULL when none */
    const char *identifier; /* CFBundleIdentifier, NULL when none */
    /* Of the chosen CodeDirectory of the main slice, NULL when unsigned */
    const char *code_identifier;
    const char *version; /* CFBundleVersion */
    struct value *info;  /* Info.plist in force (bundle's, or embedded section), NULL when none */
    bool info_bound;     /* covered by slot 1 and equal */
    int64_t info_status; /* 0, or what a requirement that needs it meets: -67058, -4960 */
    bool is_bundle, is_main_executable; /* the latter: gets its own exec */
    bool app_like; /* an app to strict validation: CFBundlePackageType APPL, no versions */
    bool quarantined, hard_quarantined; /* the latter: a sandboxed program wrote it */
    struct slice *slices;               /* at least one unless unreadable */
    size_t slice_count, main_slice;     /* main: the one the imagined Mac would run */
    struct seal_facts seal;
    const char *signature_files; /* reported path of its _CodeSignature, NULL: none */
    struct profile *profile;     /* embedded in its place; NULL when none */
    struct profile_vec VEC_OF(struct profile *) other_profiles; /* found in wrong places */
    struct ticket_facts ticket;
    struct package_facts *package;                         /* CODE_PKG alone, else NULL */
    struct plain_file_vec VEC_OF(struct plain_file) plain; /* see struct plain_file */
    struct name_vec no_code; /* directories that a signer would take for code, and that are none */
    struct code **children;  /* nested code, bytewise path order */
    size_t child_count;
    struct code *parent;       /* the code around it, NULL at the top */
    bool sealed_by_parent;     /* listed in the parent's seal */
    bool in_code_place;        /* Frameworks, PlugIns, MacOS …: where code is expected (§6.11) */
    struct findings *findings; /* static findings of this object alone, in the reference's order */
    size_t serial; /* objects are read in this order, which is the reference's for nested code */
    bool prepared; /* the core of all slices is valid (§7.1 step 4) */
    struct static_outcome outcome; /* what codesign would say of this object */
    /* Validating the top-level item validates this object as well: it is the item, or sealed as nested code. */
    bool reached;
    bool static_valid;  /* nothing refused in `findings` of it and of the reached ones in it */
    bool test_identity; /* some chain ends in the test root */
};

/* The slice the imagined Mac would run; NULL when there is none. */
static inline const struct slice *code_main_slice(const struct code *c)
{
    return c && c->slice_count ? &c->slices[c->main_slice] : NULL;
}

static inline const struct signature *code_signature(const struct code *c)
{
    const struct slice *s = code_main_slice(c);
    return s ? &s->sig : NULL;
}

/* PATH, relative to a bundle's Contents, lies where the default rules take everything for code (§6.11). */
bool code_place(const char *path);

/* Where a chain may end (static-validation.md §5.8). */
enum trust_mode {
    TRUST_ANY_ROOT, /* in any self-signed root, as for codesign */
    TRUST_APPLE,    /* in a root of Apple's, or one that was given (CheckTrustedAnchors) */
    TRUST_NONE      /* nobody asks: the signature alone is verified */
};

/* What the reader is asked to do. */
struct code_options {
    bool deep; /* validate nested code in full */
    bool strict, restrict_symlinks, restrict_sideband;
    bool check_pages, check_resources;
    bool check_expiration;
    bool allow_test_root; /* forged input only */
    /* Go on after the first error (check, verify); off: stop as the reference does */
    bool collect_all;
    enum trust_mode trust;
    bool check_revocation; /* a revoked certificate is an error (--check-revocation) */
    /* Certificates, lists and responses that were given, NULL: none */
    const struct trust_store *store;
    int64_t now;           /* for certificates without a time of their own */
    const char *arch;      /* preferred slice, "arm64" by default */
    const char *only_arch; /* -a: validate this one alone; NULL: all */
    bool reference_only;   /* errors of objects that the reference does not reach are warnings */
    struct bytes detached; /* a detached signature file for the item (§1.11); n 0: none */
    const char *bundle_version; /* of a framework, "Current" by default */
    const char *resource; /* compare this one file of the item with the seal (§7.3b), a path in the
                             file system; NULL: all */
    bool open_archives;   /* look into archives that lie inside bundles (notary) */
    bool plain_containers; /* packages and archives are plain files, as they are to codesign */
    unsigned threads;      /* page hashing; 0: number of processors */
    /* Set by the reader for what lies inside archives: how many, and the bytes they may still unpack. */
    unsigned archives;
    uint64_t *left;
};

/* Everything validated, all faults collected; the rest as `= {0}`. */
static inline struct code_options code_options_thorough(void)
{
    return (struct code_options){.deep = true,
                                 .strict = true,
                                 .restrict_symlinks = true,
                                 .restrict_sideband = true,
                                 .check_pages = true,
                                 .check_resources = true,
                                 .collect_all = true};
}

/* Where code lies and what findings call it. */
struct code_input {
    struct fs *fs;
    const char *path;     /* normal */
    const char *reported; /* "Example.app" */
};

/*
 * Read the code at IN with everything nested in it, validate it statically, and return its facts in A. DS_IO only when
 * nothing could be read at all and *ERROR holds the errno; a broken input gives DS_OK and findings.
 */
enum ds_status code_read(struct arena *a, const struct code_input *in,
                         const struct code_options *options, struct code **out, int *error);

/* Facts about what could not be read at all: the finding that says so. ERROR is what code_read() gave. */
struct code *code_unreadable(struct arena *a, const struct code_input *in, int error);

#endif
