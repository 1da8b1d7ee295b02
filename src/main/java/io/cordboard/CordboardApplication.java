package io.cordboard;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.FullyQualifiedAnnotationBeanNameGenerator;

/**
 * Cordboard: a contact centre in which every phone call is a running process.
 *
 * <p>Beans are named by their full class name, so that two modules may each have a {@code QueuesController}; only steps
 * have short names, the ones analysts write.
 */
@SpringBootApplication(nameGenerator = FullyQualifiedAnnotationBeanNameGenerator.class)
public class CordboardApplication {

    public static void main(String[] args) {
        SpringApplication.run(CordboardApplication.class, args);
    }
}
