package io.cordboard;

import io.cordboard.ops.Ops;
import java.util.Arrays;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.FullyQualifiedAnnotationBeanNameGenerator;

/**
 * Cordboard: a contact centre in which every phone call is a running process. With {@code ops} as its first argument it
 * starts nothing but looks after a Cordboard that runs elsewhere.
 *
 * <p>Beans are named by their full class name, so that two modules may each have a {@code QueuesController}; only steps
 * have short names, the ones analysts write.
 */
@SpringBootApplication(nameGenerator = FullyQualifiedAnnotationBeanNameGenerator.class)
public class CordboardApplication {

    public static void main(String[] args) {
        if (args.length > 0 && args[0].equals("ops")) {
            Ops.main(Arrays.copyOfRange(args, 1, args.length));
        } else {
            SpringApplication.run(CordboardApplication.class, args);
        }
    }
}
