package dev.twonode.architecture;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.CaseTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.DefaultCaseLabelTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePathScanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;

/// Calls, types and names that are not used, and what to use instead.
final class CodeRules extends TreePathScanner<Void, Void> {

    /// @param code what is not written, as `Type.member`, a type or the start of an import
    /// @param where pattern of the paths in which it is not
    private record Banned(String code, Pattern where, String instead) {
        private Banned(String code, String where, String instead) {
            this(code, Pattern.compile(where), instead);
        }
    }

    private static final String ALL = "";
    private static final String TESTS = "/src/test/";
    private static final String MAIN = "/src/main/";
    private static final String PURE = "/(protocol|simulation)/";
    private static final String LOGS = "/src/main/(?!.*/logging/)";

    private static final List<Banned> BANNED =
            List.of(
                    new Banned("Thread.sleep", TESTS, "await a condition with a bound"),
                    new Banned("Disabled", TESTS, "mend the test or remove it"),
                    new Banned("Assumptions", TESTS, "a test that does not run proves nothing"),
                    new Banned("org.mockito", ALL, "write the fake by hand"),
                    new Banned("System.out", MAIN, "use the streams that the command was given"),
                    new Banned("System.err", MAIN, "use the streams that the command was given"),
                    new Banned("System.currentTimeMillis", ALL, "use the clock that was passed in"),
                    new Banned("Math.random", ALL, "use the seeded generator that was passed in"),
                    new Banned("java.util.Random", ALL, "use java.util.random.RandomGenerator"),
                    new Banned("java.util.logging", "^(?!.*/logging/)", "use System.Logger"),
                    new Banned("System.getLogger", LOGS, "use dev.twonode.logging.Log"),
                    new Banned("java.util.Date", ALL, "use java.time"),
                    new Banned("HashMap", PURE, "its order differs between runs: LinkedHashMap"),
                    new Banned("HashSet", PURE, "its order differs between runs: LinkedHashSet"));

    private static final Set<String> TEST_ANNOTATIONS =
            Set.of("Test", "ParameterizedTest", "RepeatedTest", "TestFactory");
    private static final Pattern SENTENCE = Pattern.compile("(?!test)[a-z]+([A-Z0-9][a-z0-9]*)+");
    private static final Pattern EMPTY_NAME = Pattern.compile(".*(Manager|Helper|Util|Utils|Impl)");
    private static final Pattern EMPTY_PACKAGE =
            Pattern.compile(".*\\.(util|utils|common|impl|manager|helper|model|dto)(\\..*)?");

    private final Source source;
    private final List<Finding> findings = new ArrayList<>();

    private CodeRules(Source source) {
        this.source = source;
    }

    static List<Finding> check(Source source) {
        CodeRules rules = new CodeRules(source);
        if (EMPTY_PACKAGE.matcher(source.packageName()).matches()) {
            rules.report("names", source.unit(), "a package is named by what it is about");
        }
        rules.scan(source.unit(), null);
        return rules.findings;
    }

    @Override
    public Void visitImport(ImportTree tree, Void nothing) {
        String name = tree.getQualifiedIdentifier().toString();
        for (Banned banned : BANNED) {
            boolean same = name.equals(banned.code()) || name.endsWith("." + banned.code());
            if (same || name.startsWith(banned.code() + ".")) {
                banned(banned, tree);
            }
        }
        return null;
    }

    @Override
    public Void visitMemberSelect(MemberSelectTree tree, Void nothing) {
        String name = tree.toString();
        BANNED.stream()
                .filter(banned -> name.equals(banned.code()))
                .forEach(banned -> banned(banned, tree));
        return super.visitMemberSelect(tree, null);
    }

    @Override
    public Void visitClass(ClassTree tree, Void nothing) {
        String name = tree.getSimpleName().toString();
        if (EMPTY_NAME.matcher(name).matches()) {
            report("names", tree, name + " says nothing of what it is about");
        }
        boolean seen = tree.getModifiers().getFlags().contains(Modifier.PUBLIC);
        boolean topLevel = getCurrentPath().getParentPath().getLeaf() == source.unit();
        boolean silent = source.trees().getDocComment(getCurrentPath()) == null;
        if (seen && topLevel && silent && !source.isTest()) {
            report("docs", tree, name + " is public and has no /// comment");
        }
        return super.visitClass(tree, null);
    }

    @Override
    public Void visitMethod(MethodTree tree, Void nothing) {
        String name = tree.getName().toString();
        if (isTest(tree) && !SENTENCE.matcher(name).matches()) {
            report("test-names", tree, name + " is not a sentence about behaviour");
        }
        return super.visitMethod(tree, null);
    }

    @Override
    public Void visitVariable(VariableTree tree, Void nothing) {
        Tree.Kind parent = getCurrentPath().getParentPath().getLeaf().getKind();
        Tree initializer = tree.getInitializer();
        boolean untyped = tree.getType() == null && initializer != null;
        boolean resource = parent == Tree.Kind.TRY;
        if (untyped && !resource && !(initializer instanceof NewClassTree)) {
            report("var", tree, "var " + tree.getName() + " hides a type: write it");
        }
        boolean field = parent == Tree.Kind.CLASS;
        if (field && !source.isTest() && String.valueOf(tree.getType()).startsWith("Optional<")) {
            report("optional-fields", tree, tree.getName() + ": make it @Nullable, or two types");
        }
        return super.visitVariable(tree, null);
    }

    @Override
    public Void visitCase(CaseTree tree, Void nothing) {
        boolean isDefault =
                tree.getLabels().stream().anyMatch(DefaultCaseLabelTree.class::isInstance);
        if (isDefault && source.path().contains("/src/main/java/dev/twonode/protocol/")) {
            report("exhaustive", tree, "a default hides what a new state or event needs");
        }
        return super.visitCase(tree, null);
    }

    private static boolean isTest(MethodTree tree) {
        return tree.getModifiers().getAnnotations().stream()
                .map(AnnotationTree::getAnnotationType)
                .anyMatch(type -> TEST_ANNOTATIONS.contains(type.toString()));
    }

    private void banned(Banned banned, Tree tree) {
        if (banned.where().matcher(source.path()).find()) {
            report("calls", tree, banned.code() + ": " + banned.instead());
        }
    }

    private void report(String rule, Tree tree, String what) {
        findings.add(new Finding(rule, source.path(), source.startLine(tree), what));
    }
}
