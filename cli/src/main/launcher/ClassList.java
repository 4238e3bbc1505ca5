import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.InvokeDynamicEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/// Prints all classes of some jars, its arguments, and what the runtime makes for each of their
/// lambdas and joined strings when these are first used, as a list of classes for the JVM's
/// archive. The JVM writes such a list itself of what a run has used; of what an emergency uses
/// there is no run.
///
/// The form of the lines is that of `-XX:DumpLoadedClassList` of JDK 25: a class; `@lambda-proxy`
/// with a class, the arguments of its call of `LambdaMetafactory.metafactory`, names and
/// descriptors; `@cp` with a class and the entries of its constant pool to be resolved ahead.
final class ClassList {

    private static final String LAMBDA = "metafactory";
    private static final Set<String> ARCHIVED =
            Set.of(LAMBDA, "altMetafactory", "makeConcatWithConstants");

    private ClassList() {}

    /// @param args jars
    public static void main(String[] args) throws IOException {
        List<ClassModel> classes = new ArrayList<>();
        for (String jar : args) {
            read(jar, classes);
        }
        classes.forEach(each -> System.out.println(each.thisClass().asInternalName()));
        classes.forEach(ClassList::printCalls);
    }

    private static void read(String path, List<ClassModel> classes) throws IOException {
        try (JarFile jar = new JarFile(path)) {
            for (JarEntry entry : Collections.list(jar.entries())) {
                if (isClass(entry.getName())) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        classes.add(ClassFile.of().parse(in.readAllBytes()));
                    }
                }
            }
        }
    }

    private static boolean isClass(String name) {
        return name.endsWith(".class")
                && !name.endsWith("-info.class")
                && !name.startsWith("META-INF/");
    }

    private static void printCalls(ClassModel model) {
        String name = model.thisClass().asInternalName();
        Set<String> lines = new LinkedHashSet<>();
        StringBuilder calls = new StringBuilder();
        for (PoolEntry entry : model.constantPool()) {
            if (entry instanceof InvokeDynamicEntry call) {
                DynamicCallSiteDesc site = call.asSymbol();
                String factory = ((DirectMethodHandleDesc) site.bootstrapMethod()).methodName();
                if (ARCHIVED.contains(factory)) {
                    types(site).forEach(lines::add);
                    calls.append(' ').append(call.index());
                }
                if (factory.equals(LAMBDA)) {
                    lines.add(lambda(name, site));
                }
            }
        }
        lines.forEach(System.out::println);
        if (!calls.isEmpty()) {
            System.out.println("@cp " + name + calls);
        }
    }

    /// What a call names has to be in the archive for the call to be.
    private static Stream<String> types(DynamicCallSiteDesc site) {
        Stream<MethodTypeDesc> named =
                Stream.of(site.bootstrapArgs()).flatMap(ClassList::methodType);
        return Stream.concat(named, Stream.of(site.invocationType()))
                .flatMap(type ->
                        Stream.concat(type.parameterList().stream(), Stream.of(type.returnType())))
                .filter(ClassDesc::isClassOrInterface)
                .map(ClassList::internalName);
    }

    private static Stream<MethodTypeDesc> methodType(ConstantDesc argument) {
        return switch (argument) {
            case MethodTypeDesc type -> Stream.of(type);
            case DirectMethodHandleDesc body -> Stream.of(body.invocationType());
            default -> Stream.empty();
        };
    }

    private static String lambda(String name, DynamicCallSiteDesc site) {
        MethodTypeDesc erased = (MethodTypeDesc) site.bootstrapArgs()[0];
        DirectMethodHandleDesc body = (DirectMethodHandleDesc) site.bootstrapArgs()[1];
        MethodTypeDesc type = (MethodTypeDesc) site.bootstrapArgs()[2];
        return String.join(
                " ",
                "@lambda-proxy",
                name,
                site.invocationName(),
                site.invocationType().descriptorString(),
                erased.descriptorString(),
                reference(body),
                internalName(body.owner()),
                body.methodName(),
                body.lookupDescriptor(),
                type.descriptorString());
    }

    private static String reference(DirectMethodHandleDesc body) {
        return switch (body.kind()) {
            case STATIC, INTERFACE_STATIC -> "REF_invokeStatic";
            case VIRTUAL -> "REF_invokeVirtual";
            case INTERFACE_VIRTUAL -> "REF_invokeInterface";
            case SPECIAL, INTERFACE_SPECIAL -> "REF_invokeSpecial";
            case CONSTRUCTOR -> "REF_newInvokeSpecial";
            case GETTER, SETTER, STATIC_GETTER, STATIC_SETTER ->
                    throw new IllegalArgumentException("no body of a lambda: " + body);
        };
    }

    private static String internalName(ClassDesc owner) {
        String descriptor = owner.descriptorString();
        return owner.isArray() ? descriptor : descriptor.substring(1, descriptor.length() - 1);
    }
}
