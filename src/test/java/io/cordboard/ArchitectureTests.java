package io.cordboard;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import org.jspecify.annotations.NullMarked;

/** What keeps the engine, the providers and the web replaceable, checked on the compiled classes. */
@AnalyzeClasses(packages = "io.cordboard", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

    @ArchTest
    static final ArchRule theEngineIsKnownOnlyToFlowAndToTheProcessPackages = noClasses()
            .that()
            .resideOutsideOfPackages("..flow..", "..process..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.camunda..")
            .because("a maintained fork of the engine must be able to take its place");

    @ArchTest
    static final ArchRule providersKeepTheirLibrariesToThemselves = noClasses()
            .that()
            .resideOutsideOfPackage("io.cordboard.provider..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.twilio..");

    @ArchTest
    static final ArchRule httpEndsInTheWebPackages = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "..web..",
                    "..webhook..",
                    "io.cordboard.platform..",
                    "io.cordboard.simulator..",
                    // Hands our login over to the engine's own pages: it knows both by its nature.
                    "io.cordboard.customer.process..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "org.springframework.web.bind..", "org.springframework.web.servlet..", "jakarta.servlet.."));

    @ArchTest
    static final ArchRule theSimulatorMeetsTheProductOverHttpOnly = noClasses()
            .that()
            .resideInAPackage("io.cordboard.simulator..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.cordboard..")
                    .and(describe(
                            "are not its own",
                            type -> !type.getPackageName().startsWith("io.cordboard.simulator")
                                    && !type.getPackageName().startsWith("io.cordboard.shared")
                                    && !type.getPackageName().startsWith("io.cordboard.platform"))));

    @ArchTest
    static final ArchRule modulesHaveNoCycles =
            slices().matching("io.cordboard.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule timeComesFromTheClockOfTheHouse = noClasses()
            .that()
            .resideOutsideOfPackages("io.cordboard.platform..", "io.cordboard.simulator..")
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(LocalDateTime.class, "now")
            .orShould()
            .callMethod(LocalDate.class, "now")
            .orShould()
            .callMethod(ZonedDateTime.class, "now")
            .orShould()
            .callMethod(OffsetDateTime.class, "now")
            .orShould()
            .callMethod(Clock.class, "systemUTC")
            .because("a virtual clock takes its place in simulations");

    @ArchTest
    static final ArchRule whatAClassNeedsIsInItsConstructor =
            GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION.allowEmptyShould(true);

    @ArchTest
    static final ArchRule everyPackageSaysWhatItIsForAndIsNullMarked = classes()
            .that(describe("are not the application itself", type -> !type.getPackageName()
                    .equals("io.cordboard")))
            .should(be(describe(
                    "in a package whose package-info.java is @NullMarked", (JavaClass type) -> type.getPackage()
                            .tryGetPackageInfo()
                            .map(info -> info.isAnnotatedWith(NullMarked.class))
                            .orElse(false))));
}
