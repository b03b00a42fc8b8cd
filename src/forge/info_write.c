/* SPDX-License-Identifier: Apache-2.0 */
/* Info write: see info_write.h. Only keys that every bundle of a kind has, or that the case's own keys imply, are defaults. */
#include "forge/info_write.h"

#include <string.h>

#include "forge/case_check.h"
#include "format/plist.h"

#define VERSION(major, minor) ((uint32_t)(major) << 16 | (uint32_t)(minor) << 8)
#define CPU_ARM               0x0100000cu

/* ASSUMPTION(forge-minos): nothing is refused for a version that a case does not speak of. */
uint32_t item_minos(struct forge *f, const struct item *item, uint32_t cputype)
{
    const struct value *given = value_get(item->spec, "minos");
    uint32_t least = cputype == CPU_ARM ? VERSION(11, 0) : VERSION(10, 15);

    if (given && given->type != VALUE_NULL)
        return item_version(f, given);
    switch (item->platform) {
    case PLATFORM_IOS: return VERSION(15, 0);
    case PLATFORM_CATALYST: return VERSION(14, 0);
    case PLATFORM_DRIVERKIT: return VERSION(20, 0);
    default: /* never newer than the Mac of the case */
        return f->macos && f->macos < least ? f->macos : least;
    }
}

uint32_t item_sdk(struct forge *f, const struct item *item)
{
    const struct value *given = value_get(item->spec, "sdk");

    if (given && given->type != VALUE_NULL)
        return item_version(f, given);
    switch (item->platform) {
    case PLATFORM_IOS:
    case PLATFORM_CATALYST: return VERSION(18, 2);
    case PLATFORM_DRIVERKIT: return VERSION(24, 2);
    default: return VERSION(15, 2);
    }
}

static void set_text(struct arena *a, struct value *dict, const char *key, const char *text)
{
    if (text)
        value_set(a, dict, key, value_string(a, text));
}

static const char *version_text(struct arena *a, uint32_t v)
{
    unsigned patch = v & 0xff;

    return patch ? arena_printf(a, "%u.%u.%u", v >> 16, v >> 8 & 0xff, patch)
                 : arena_printf(a, "%u.%u", v >> 16, v >> 8 & 0xff);
}

static void set_platform(struct forge *f, const struct item *item, struct value *info)
{
    struct arena *a = f->a;
    struct value *list = value_array(a);
    uint32_t cputype = 0, subtype;
    struct name_vec archs = item_texts(f, item->spec, "archs");

    image_arch(archs.n ? archs.at[0] : f->arch, &cputype, &subtype);
    const char *least = version_text(a, item_minos(f, item, cputype));
    value_append(a, list,
                 value_string(a, item->platform == PLATFORM_IOS         ? "iPhoneOS"
                                 : item->platform == PLATFORM_DRIVERKIT ? "DriverKit"
                                                                        : "MacOSX"));
    value_set(a, info, "CFBundleSupportedPlatforms", list);
    if (item->platform == PLATFORM_IOS)
        set_text(a, info, "MinimumOSVersion", least);
    if (item->platform == PLATFORM_MACOS)
        set_text(a, info, "LSMinimumSystemVersion", least);
}

static void set_extension(struct forge *f, const struct item *item, struct value *info)
{
    struct arena *a = f->a;
    const char *point = item_text(f, item->spec, "extension-point");
    const char *principal = item_text(f, item->spec, "principal-class");
    struct value *extension = value_dict(a);

    if (item->kind != ITEM_APPEX) {
        set_text(a, info, "NSPrincipalClass", principal);
        if (!point)
            return;
        principal = NULL;
    }
    set_text(a, extension, "NSExtensionPointIdentifier", point);
    set_text(a, extension, "NSExtensionPrincipalClass", principal);
    if (extension->count)
        value_set(a, info, "NSExtension", extension);
}

static struct value *default_info(struct forge *f, const struct item *item)
{
    struct arena *a = f->a;
    struct value *info = value_dict(a), *service = value_dict(a);

    set_text(a, info, "CFBundleDevelopmentRegion", "en");
    set_text(a, info, "CFBundleExecutable", item->executable);
    set_text(a, info, "CFBundleIdentifier", item->identifier);
    set_text(a, info, "CFBundleInfoDictionaryVersion", "6.0");
    set_text(a, info, "CFBundleName", item->executable ? item->executable : item->identifier);
    set_text(a, info, "CFBundlePackageType", item->row->package_type);
    set_text(a, info, "CFBundleShortVersionString", "1.0");
    set_text(a, info, "CFBundleVersion", "1");
    set_platform(f, item, info);
    set_extension(f, item, info);
    if (item->kind == ITEM_XPC) {
        set_text(a, service, "ServiceType", "Application");
        value_set(a, info, "XPCService", service);
    }
    return info;
}

void info_merge(struct arena *a, struct value *dict, const struct value *changes)
{
    for (size_t i = 0; value_is(changes, VALUE_DICT) && i < changes->count; i++) {
        const char *key = (const char *)changes->keys[i].name.p;
        const struct value *to = changes->items[i];
        struct value *old = value_get(dict, key);

        if (to->type == VALUE_NULL) {
            value_remove(dict, key);
        } else if (to->type == VALUE_DICT) {
            struct value *inner = value_is(old, VALUE_DICT) ? old : value_dict(a);

            info_merge(a, inner, to);
            value_set(a, dict, key, inner);
        } else {
            value_set(a, dict, key, value_clone(a, to));
        }
    }
}

void info_overlay(struct arena *a, struct value *dict, const struct value *changes)
{
    for (size_t i = 0; value_is(changes, VALUE_DICT) && i < changes->count; i++) {
        const char *key = (const char *)changes->keys[i].name.p;
        struct value *old = value_get(dict, key), *to = changes->items[i];

        if (value_is(old, VALUE_DICT) && to->type == VALUE_DICT)
            info_overlay(a, old, to);
        else
            value_set(a, dict, key, value_clone(a, to));
    }
}

struct bytes info_write(struct forge *f, const struct item *item)
{
    const struct value *given = value_get(item->spec, "info");
    const char *word = case_word(f->a, given);
    struct value *info;

    if (word && strcmp(word, "none") == 0)
        return bytes_of(NULL, 0);
    info = default_info(f, item);
    info_merge(f->a, info, given);
    return plist_write_xml(f->a, info, false);
}
