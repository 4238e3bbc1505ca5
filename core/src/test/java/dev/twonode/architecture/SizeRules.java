package dev.twonode.architecture;

import com.sun.source.tree.MethodTree;
import com.sun.source.util.TreeScanner;
import java.util.ArrayList;
import java.util.List;

/// How long files, methods, parameter lists and lines may be.
final class SizeRules {
    private static final int COLUMNS = 100;
    private static final int PARAMETERS = 6;

    private SizeRules() {}

    static List<Finding> check(Source source) {
        List<Finding> findings = new ArrayList<>(columns(source.path(), source.lines()));
        int limit = source.isTest() ? 600 : 400;
        int lines = source.lines().size();
        if (lines > limit) {
            String what = lines + " lines; a file of more than " + limit + " is several things";
            findings.add(new Finding("file-lines", source.path(), 0, what));
        }
        findings.addAll(methods(source));
        return findings;
    }

    static List<Finding> columns(String path, List<String> lines) {
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            int width = line.codePointCount(0, line.length());
            if (width > COLUMNS) {
                String what = width + " columns, more than " + COLUMNS;
                findings.add(new Finding("columns", path, i + 1, what));
            }
        }
        return findings;
    }

    private static List<Finding> methods(Source source) {
        List<Finding> findings = new ArrayList<>();
        int limit = source.isTest() ? 70 : 50;
        new TreeScanner<Void, Void>() {
            @Override
            public Void visitMethod(MethodTree method, Void nothing) {
                long start = source.startLine(method);
                long lines = source.endLine(method) - start + 1;
                String name = method.getName().toString();
                if (lines > limit) {
                    String what = name + " has " + lines + " lines, more than " + limit;
                    findings.add(new Finding("method-lines", source.path(), start, what));
                }
                int parameters = method.getParameters().size();
                if (parameters > PARAMETERS && !isCanonical(method)) {
                    String what = name + " has " + parameters + " parameters; make them a record";
                    findings.add(new Finding("parameters", source.path(), start, what));
                }
                return super.visitMethod(method, null);
            }
        }.scan(source.unit(), null);
        return findings;
    }

    /// A record's compact constructor has the record's components as parameters.
    private static boolean isCanonical(MethodTree method) {
        return method.getReturnType() == null;
    }
}
