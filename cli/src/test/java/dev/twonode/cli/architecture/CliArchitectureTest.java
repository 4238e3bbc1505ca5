package dev.twonode.cli.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.twonode.cli.TwoNode;
import org.junit.jupiter.api.Test;

final class CliArchitectureTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.twonode.cli");

    @Test
    void noCommandKnowsTheClientLibrary() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.nats..")
                .because("core has ports for what a command may ask")
                .check(CLASSES);
    }

    @Test
    void onlyTheWaysToTheServersUseTheAdapters() {
        noClasses()
                .that()
                .resideOutsideOfPackages("..cli.agent..", "..cli.rig..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.twonode.nats..")
                .because("commands are tested without a server")
                .check(CLASSES);
    }

    @Test
    void onlyTheEntryPointEndsTheProcess() {
        noClasses()
                .that()
                .doNotBelongToAnyOf(TwoNode.class)
                .should()
                .callMethod(System.class, "exit", int.class)
                .because("a command returns its exit code")
                .check(CLASSES);
    }

    @Test
    void onlyTheWatchScreenStartsTheTerminalLibrary() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..cli.console..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.jline..")
                .because("it asks the terminal questions and waits for the answers")
                .check(CLASSES);
    }
}
