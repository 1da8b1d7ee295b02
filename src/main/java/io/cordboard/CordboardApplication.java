package io.cordboard;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Cordboard: a contact centre in which every phone call is a running process. */
@SpringBootApplication
public class CordboardApplication {

    public static void main(String[] args) {
        SpringApplication.run(CordboardApplication.class, args);
    }
}
