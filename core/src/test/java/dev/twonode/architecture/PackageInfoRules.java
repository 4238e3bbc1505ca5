package dev.twonode.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Each package says what it is for, in a few lines, and excludes null.
final class PackageInfoRules {
    private static final String RULE = "package-info";

    private PackageInfoRules() {}

    static List<Finding> check(List<Source> sources) {
        Map<String, List<Source>> folders = new TreeMap<>();
        for (Source source : sources) {
            String folder = source.path().substring(0, source.path().lastIndexOf('/'));
            folders.computeIfAbsent(folder, _ -> new ArrayList<>()).add(source);
        }
        List<Finding> findings = new ArrayList<>();
        folders.forEach((folder, files) ->
                files.stream()
                        .filter(file -> file.path().endsWith("/package-info.java"))
                        .findFirst()
                        .ifPresentOrElse(
                                file -> findings.addAll(check(file)),
                                () -> findings.add(missing(folder))));
        return findings;
    }

    private static Finding missing(String folder) {
        return new Finding(RULE, folder, 0, "has no package-info.java");
    }

    private static List<Finding> check(Source file) {
        List<Finding> findings = new ArrayList<>();
        long said = file.lines().stream().filter(line -> line.startsWith("///")).count();
        int least = file.isTest() ? 1 : 3;
        if (said < least || said > 15) {
            String what = "says its purpose in " + said + " lines, not in " + least + " to 15";
            findings.add(new Finding(RULE, file.path(), 0, what));
        }
        if (!file.lines().contains("@NullMarked")) {
            findings.add(new Finding(RULE, file.path(), 0, "is not @NullMarked"));
        }
        return findings;
    }
}
