package io.tidegate;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Holds the direction between rooms, and each library to its room. A change that needs a new edge
/// changes this table, the card of the room and `docs/architecture.md` together.
class HouseRulesTest {
  private static final String HOUSE = "io.tidegate.";

  private static final Map<String, List<String>> MAY_USE = new LinkedHashMap<>();

  private static final Map<String, List<String>> SPOKEN_IN =
      Map.ofEntries(
          Map.entry("org.apache.kafka..", List.of("log", "targets")),
          Map.entry("com.rabbitmq..", List.of("targets")),
          Map.entry("org.snakeyaml..", List.of("config")),
          Map.entry("io.vertx..", List.of("edge")),
          Map.entry("io.netty..", List.of("edge")),
          Map.entry("org.rocksdb..", List.of("view")),
          Map.entry("org.bouncycastle..", List.of("guard")),
          Map.entry("com.nimbusds..", List.of("guard")),
          Map.entry("io.opentelemetry..", List.of("telemetry")),
          Map.entry("com.networknt..", List.of("model")),
          Map.entry("org.apache.avro..", List.of("model")),
          Map.entry("com.google.protobuf..", List.of("model")),
          Map.entry("com.squareup.wire..", List.of("model")),
          Map.entry("com.google.re2j..", List.of("filter")),
          Map.entry("org.sqlite..", List.of("ledger")),
          Map.entry("java.sql..", List.of("ledger")));

  private static JavaClasses classes;

  static {
    MAY_USE.put("base", List.of());
    MAY_USE.put("http", List.of("base"));
    MAY_USE.put("log", List.of("base"));
    MAY_USE.put("registry", List.of("base", "log"));
    MAY_USE.put("config", List.of("base"));
    MAY_USE.put("model", List.of("base"));
    MAY_USE.put("filter", List.of("base"));
    MAY_USE.put("plan", List.of("base", "config", "model"));
    MAY_USE.put("vault", List.of("base", "plan"));
    MAY_USE.put("guard", List.of("base", "http", "plan"));
    MAY_USE.put("telemetry", List.of("base", "http", "plan"));
    MAY_USE.put("view", List.of("base", "log", "plan"));
    MAY_USE.put("edge", List.of("base", "http", "guard", "model", "plan", "vault"));
    MAY_USE.put("bridge", List.of("base", "http", "log", "guard", "model", "plan", "view"));
    MAY_USE.put("files", List.of("base", "http", "plan"));
    MAY_USE.put("inbox", List.of("base", "http", "log", "registry", "guard", "plan"));
    MAY_USE.put("delivery", List.of("base", "http", "log", "registry", "guard", "plan"));
    MAY_USE.put(
        "outbox",
        List.of("base", "http", "log", "registry", "guard", "plan", "filter", "delivery"));
    MAY_USE.put("targets", List.of("base", "http", "registry", "delivery", "outbox"));
    MAY_USE.put("ledger", List.of("base", "log", "outbox"));
    MAY_USE.put(
        "admin",
        List.of(
            "base",
            "http",
            "log",
            "registry",
            "guard",
            "plan",
            "filter",
            "view",
            "inbox",
            "delivery",
            "outbox",
            "ledger"));
  }

  @BeforeAll
  static void readTheHouse() {
    classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.tidegate");
  }

  @Test
  void everyPackageIsARoomOfTheTable() {
    var packages = new TreeSet<String>();
    for (var type : classes) {
      if (!type.getPackageName().startsWith("io.tidegate.broker")) {
        packages.add(type.getPackageName().substring(HOUSE.length()));
      }
    }

    assertThat(packages).isSubsetOf(MAY_USE.keySet());
  }

  @Test
  void roomsUseOnlyTheRoomsOfTheirRow() {
    MAY_USE.forEach((room, used) -> {
      var forbidden = new TreeSet<>(MAY_USE.keySet());
      forbidden.remove(room);
      used.forEach(forbidden::remove);
      if (!forbidden.isEmpty()) {
        noClasses()
            .that()
            .resideInAPackage(HOUSE + room)
            .should()
            .dependOnClassesThat(
                resideInAnyPackage(forbidden.stream().map(HOUSE::concat).toArray(String[]::new)))
            .allowEmptyShould(true)
            .check(classes);
      }
    });
  }

  @Test
  void aLibraryIsSpokenInOneRoom() {
    SPOKEN_IN.forEach((library, rooms) -> {
      DescribedPredicate<JavaClass> elsewhere = resideInAPackage("io.tidegate..");
      for (var room : rooms) {
        elsewhere = elsewhere.and(DescribedPredicate.not(resideInAPackage(HOUSE + room)));
      }
      noClasses()
          .that(elsewhere.and(DescribedPredicate.not(resideInAPackage("io.tidegate.broker"))))
          .should()
          .dependOnClassesThat(resideInAPackage(library))
          .check(classes);
    });
  }
}
