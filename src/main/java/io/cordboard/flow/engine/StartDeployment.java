package io.cordboard.flow.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.camunda.bpm.engine.RepositoryService;
import org.camunda.bpm.engine.repository.DeploymentBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * Deploys our own models and forms when the application starts. Unchanged files change nothing; if any file changed, all
 * of them become a new version together, so that a model always finds the forms it was made with. Calls that are running
 * finish on the version they began with.
 */
final class StartDeployment implements SmartInitializingSingleton {

    private static final Logger log = LoggerFactory.getLogger(StartDeployment.class);
    private static final String NAME = "cordboard";

    private final RepositoryService repository;
    private final String processesDir;
    private final String formsDir;

    /** @param processesDir and {@code formsDir}: folders to be used instead of those in the jar; blank for none */
    StartDeployment(RepositoryService repository, String processesDir, String formsDir) {
        this.repository = repository;
        this.processesDir = processesDir.strip();
        this.formsDir = formsDir.strip();
    }

    @Override
    public void afterSingletonsInstantiated() {
        var files = new TreeMap<String, byte[]>();
        try {
            files.putAll(read(processesDir, "processes", "bpmn", "dmn"));
            files.putAll(read(formsDir, "forms", "form", "html"));
        } catch (IOException e) {
            throw new UncheckedIOException("The models and forms cannot be read", e);
        }
        if (files.isEmpty()) {
            log.info("There are no models to deploy");
            return;
        }
        RefusingDeployer.asOurs(() -> {
            DeploymentBuilder deployment =
                    repository.createDeployment().name(NAME).source(NAME).enableDuplicateFiltering(false);
            files.forEach(
                    (name, content) -> deployment.addInputStream(name, new java.io.ByteArrayInputStream(content)));
            return deployment.deploy();
        });
        log.info("Models and forms deployed: {}", files.keySet());
    }

    private static Map<String, byte[]> read(String folder, String inJar, String... kinds) throws IOException {
        return folder.isEmpty() ? fromJar(inJar, kinds) : fromFolder(Path.of(folder), kinds);
    }

    private static Map<String, byte[]> fromFolder(Path folder, String... kinds) throws IOException {
        var files = new TreeMap<String, byte[]>();
        for (Path file : list(folder)) {
            String name = String.valueOf(file.getFileName());
            if (Stream.of(kinds).anyMatch(kind -> name.endsWith("." + kind))) {
                files.put(name, Files.readAllBytes(file));
            }
        }
        return files;
    }

    private static java.util.List<Path> list(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isRegularFile).toList();
        }
    }

    private static Map<String, byte[]> fromJar(String folder, String... kinds) throws IOException {
        var files = new TreeMap<String, byte[]>();
        for (String kind : kinds) {
            for (Resource resource :
                    new PathMatchingResourcePatternResolver().getResources("classpath*:" + folder + "/*." + kind)) {
                String name = resource.getFilename();
                if (name != null) {
                    files.put(name, resource.getContentAsByteArray());
                }
            }
        }
        return files;
    }
}
