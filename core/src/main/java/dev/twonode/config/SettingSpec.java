package dev.twonode.config;

import org.jspecify.annotations.Nullable;

/// How one [Setting] is declared.
///
/// @param flag long flag without dashes
/// @param placeholder stands for the value in usage lines; empty for a switch
/// @param fixedDefault the default, null when there is none or it is computed
/// @param defaultInWords the default for readers
/// @param otherVariable an environment variable that the `nats` command reads too
/// @param isSecret whether the value must never be shown
/// @param meaning half a sentence for the help
record SettingSpec(
        String flag,
        String placeholder,
        @Nullable String fixedDefault,
        String defaultInWords,
        @Nullable String otherVariable,
        boolean isSecret,
        String meaning) {

    static SettingSpec setting(String flag, String placeholder) {
        return new SettingSpec(flag, placeholder, null, "none", null, false, "");
    }

    SettingSpec byDefault(String value) {
        return new SettingSpec(flag, placeholder, value, value, otherVariable, isSecret, meaning);
    }

    /// No fixed default; `words` tell what happens instead.
    SettingSpec unset(String words) {
        return new SettingSpec(flag, placeholder, null, words, otherVariable, isSecret, meaning);
    }

    SettingSpec alsoFrom(String variable) {
        return new SettingSpec(
                flag, placeholder, fixedDefault, defaultInWords, variable, isSecret, meaning);
    }

    SettingSpec secret() {
        return new SettingSpec(
                flag, placeholder, fixedDefault, defaultInWords, otherVariable, true, meaning);
    }

    SettingSpec says(String words) {
        return new SettingSpec(
                flag, placeholder, fixedDefault, defaultInWords, otherVariable, isSecret, words);
    }
}
