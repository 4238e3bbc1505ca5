package dev.twonode.architecture;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import dev.twonode.testing.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// One Java file, read and parsed but not resolved.
///
/// @param path from the project's root folder
/// @param lines its text
/// @param unit its syntax tree
/// @param trees positions and comments of that tree
record Source(String path, List<String> lines, CompilationUnitTree unit, DocTrees trees) {

    private static final String JAVA_FILE = "[^/]+/src/(main|test)/java/.*\\.java";

    /// Every Java file of every module, in the order of their paths.
    static List<Source> ofProject() {
        Path root = Tools.repositoryRoot();
        try (Stream<Path> files = Files.walk(root)) {
            return parse(
                    files.map(root::relativize)
                            .filter(file -> file.toString().matches(JAVA_FILE))
                            .sorted()
                            .map(file -> new Text(file.toString(), read(root.resolve(file))))
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Source parse(String path, String text) {
        return parse(List.of(new Text(path, text))).getFirst();
    }

    private static List<Source> parse(List<Text> texts) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        JavacTask task = (JavacTask) compiler.getTask(null, null, null, List.of(), null, texts);
        DocTrees trees = DocTrees.instance(task);
        List<Source> sources = new ArrayList<>();
        try {
            for (CompilationUnitTree unit : task.parse()) {
                JavaFileObject file = unit.getSourceFile();
                String path = file.toUri().getPath().substring(1);
                List<String> lines = file.getCharContent(true).toString().lines().toList();
                sources.add(new Source(path, lines, unit, trees));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sources;
    }

    boolean isTest() {
        return path.contains("/src/test/");
    }

    String packageName() {
        return String.valueOf(unit.getPackageName());
    }

    long startLine(Tree tree) {
        return line(trees.getSourcePositions().getStartPosition(unit, tree));
    }

    long endLine(Tree tree) {
        return line(trees.getSourcePositions().getEndPosition(unit, tree));
    }

    private long line(long position) {
        return position < 0 ? 0 : unit.getLineMap().getLineNumber(position);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A file's text, for the compiler to read.
    private static final class Text extends SimpleJavaFileObject {
        private final String content;

        Text(String path, String content) {
            super(URI.create("string:///" + path), Kind.SOURCE);
            this.content = content;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return content;
        }
    }
}
