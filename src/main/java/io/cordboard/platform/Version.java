package io.cordboard.platform;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.stereotype.Component;

/** Which Cordboard this is, as the build wrote it down; an IDE may start us without a build. */
@Component
public class Version {

    private final String name;

    Version(ObjectProvider<BuildProperties> build) {
        BuildProperties written = build.getIfAvailable();
        this.name = written == null || written.getVersion() == null ? "development" : written.getVersion();
    }

    @Override
    public String toString() {
        return name;
    }
}
