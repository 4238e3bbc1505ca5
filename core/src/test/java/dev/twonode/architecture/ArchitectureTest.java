package dev.twonode.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import dev.twonode.testing.Tools;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

final class ArchitectureTest {
    private static final Set<String> CLOCKS =
            Set.of(
                    "java.lang.System.currentTimeMillis",
                    "java.lang.System.nanoTime",
                    "java.time.Instant.now",
                    "java.time.LocalDateTime.now",
                    "java.time.ZonedDateTime.now",
                    "java.time.Clock.systemUTC",
                    "java.time.InstantSource.system");
    private static final Set<String> WITHOUT_ORDER =
            Set.of("java.util.Set.of", "java.util.Set.copyOf", "java.util.Map.copyOf");

    private static final List<ArchRule> RULES =
            List.of(
                    classes()
                            .that()
                            .resideInAPackage("..twonode..protocol..")
                            .should()
                            .onlyDependOnClassesThat()
                            .resideInAnyPackage(
                                    "..twonode..protocol..",
                                    "java.lang..",
                                    "java.util",
                                    "java.util.function",
                                    "java.util.regex",
                                    "java.util.stream",
                                    "java.time..",
                                    "org.jspecify..")
                            .because("the state machine decides and does nothing else"),
                    noClasses()
                            .that()
                            .resideInAPackage("..twonode..protocol..")
                            .should()
                            .dependOnClassesThat()
                            .belongToAnyOf(
                                    System.class,
                                    Thread.class,
                                    Runtime.class,
                                    ProcessHandle.class,
                                    java.util.Timer.class,
                                    java.util.UUID.class)
                            .because("one input has one output, on every run"),
                    noClasses()
                            .that()
                            .resideInAPackage("..twonode..protocol..")
                            .should()
                            .callMethodWhere(isOneOf(WITHOUT_ORDER))
                            .because("their order differs from one start of the JVM to the next"),
                    noClasses()
                            .that()
                            .resideInAnyPackage(
                                    "..twonode..protocol..",
                                    "..twonode..replication..",
                                    "..twonode..config..")
                            .should()
                            .callMethodWhere(isOneOf(CLOCKS))
                            .because("time comes in with events, or from a clock that was given"),
                    noClasses()
                            .that()
                            .resideOutsideOfPackage("..twonode..nats..")
                            .should()
                            .dependOnClassesThat()
                            .resideInAPackage("io.nats..")
                            .because("the client library may change in one place"),
                    noClasses()
                            .that()
                            .resideOutsideOfPackages("..twonode..nats..", "..twonode.agent..")
                            .should()
                            .dependOnClassesThat()
                            .resideInAPackage("dev.twonode.nats..")
                            .because(
                                    "ports are what others see; the agent puts the parts together"),
                    noClasses()
                            .that()
                            .resideInAnyPackage(
                                    "..twonode..replication..", "..twonode..messaging..")
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(
                                    "dev.twonode.node..",
                                    "dev.twonode.config..",
                                    "dev.twonode.agent..")
                            .because("they are parts that a node is made of"),
                    slices().matching("..twonode.(**)").should().beFreeOfCycles());

    private static DescribedPredicate<JavaCall<?>> isOneOf(Set<String> methods) {
        return describe(
                "any of " + methods,
                call -> methods.contains(call.getTargetOwner().getName() + "." + call.getName()));
    }

    @TestFactory
    Stream<DynamicTest> everyRuleIsKept() {
        JavaClasses classes =
                new ClassFileImporter()
                        .importPath(Tools.repositoryRoot().resolve("core/target/classes"));
        return RULES.stream()
                .map(rule ->
                        DynamicTest.dynamicTest(rule.getDescription(), () -> rule.check(classes)));
    }

    @TestFactory
    Stream<DynamicTest> everyRuleFindsThePlantedViolation() {
        JavaClasses planted =
                new ClassFileImporter().importPackages("dev.twonode.architecture.planted");
        return RULES.stream()
                .map(rule ->
                        DynamicTest.dynamicTest(
                                rule.getDescription(),
                                () -> assertThat(rule.evaluate(planted).hasViolation()).isTrue()));
    }
}
