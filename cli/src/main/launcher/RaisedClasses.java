import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Copies a jar, its first argument, to its second, with every class of an old version raised to
/// that of Java 8. The JVM's archives leave out classes older than version 50, which are checked in
/// another way; from 51 on a class carries its stack maps, and those are computed here.
final class RaisedClasses {

    private static final int VERSION = ClassFile.JAVA_8_VERSION;

    private final JarFile jar;
    private final ClassFile classes;

    private RaisedClasses(JarFile jar) {
        this.jar = jar;
        this.classes =
                ClassFile.of(
                        StackMapsOption.GENERATE_STACK_MAPS,
                        ClassHierarchyResolverOption.of(
                                ClassHierarchyResolver.ofResourceParsing(this::classFile)
                                        .orElse(ClassHierarchyResolver.defaultResolver())));
    }

    public static void main(String[] args) throws IOException {
        try (JarFile jar = new JarFile(args[0]);
                ZipOutputStream raised =
                        new ZipOutputStream(
                                new BufferedOutputStream(
                                        Files.newOutputStream(Path.of(args[1]))))) {
            new RaisedClasses(jar).copyTo(raised);
        }
    }

    private void copyTo(ZipOutputStream raised) throws IOException {
        for (JarEntry entry : Collections.list(jar.entries())) {
            byte[] content;
            try (InputStream in = jar.getInputStream(entry)) {
                content = in.readAllBytes();
            }
            ZipEntry copy = new ZipEntry(entry.getName());
            copy.setTimeLocal(entry.getTimeLocal());
            raised.putNextEntry(copy);
            raised.write(entry.getName().endsWith(".class") ? raise(content) : content);
            raised.closeEntry();
        }
    }

    private byte[] raise(byte[] content) {
        ClassModel model = classes.parse(content);
        if (model.majorVersion() >= VERSION) {
            return content;
        }
        // Method bodies are taken apart: copied whole they would get no stack maps.
        return classes.transformClass(
                model,
                ClassTransform.transformingMethodBodies((code, element) -> code.with(element))
                        .andThen(
                                ClassTransform.endHandler(
                                        builder -> builder.withVersion(VERSION, 0))));
    }

    private InputStream classFile(ClassDesc name) {
        String descriptor = name.descriptorString();
        JarEntry entry =
                jar.getJarEntry(descriptor.substring(1, descriptor.length() - 1) + ".class");
        try {
            return entry == null ? null : jar.getInputStream(entry);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
