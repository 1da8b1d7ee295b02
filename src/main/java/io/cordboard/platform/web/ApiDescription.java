package io.cordboard.platform.web;

import io.cordboard.platform.Version;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;

/** The frame of {@code /v3/api-docs}; the rest is read from the controllers. */
@Configuration(proxyBeanMethods = false)
class ApiDescription {

    @Bean
    OpenAPI openApi(Version version) {
        return new OpenAPI()
                .info(new Info()
                        .title("Cordboard")
                        .version(version.toString())
                        .description("Calls, agents, queues and reservations of a contact centre in which every phone"
                                + " call is a running BPMN process. Errors are problem details (RFC 9457) that say how to"
                                + " mend the request.")
                        .license(new License().name("Apache-2.0").identifier("Apache-2.0")))
                .components(new Components()
                        .addSecuritySchemes(
                                "token",
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .description("For programs: the token from POST /v1/login."))
                        .addSecuritySchemes(
                                "session",
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.APIKEY)
                                        .in(SecurityScheme.In.COOKIE)
                                        .name("cordboard_session")
                                        .description("For pages: the cookie of a login in the browser.")))
                .addSecurityItem(new SecurityRequirement().addList("token"))
                .addSecurityItem(new SecurityRequirement().addList("session"));
    }

    /** What every request can be refused for is said once, here; all refusals are problem details. */
    @Bean
    OpenApiCustomizer refusals() {
        return api -> {
            api.getComponents().addSchemas("Problem", problem());
            api.getPaths().forEach((path, item) -> item.readOperationsMap().forEach((method, operation) -> {
                ApiResponses answers = operation.getResponses();
                if (operation.getRequestBody() != null || operation.getParameters() != null) {
                    add(answers, "400", "A value does not fit; the problem says which.");
                }
                boolean open = operation.getSecurity() != null
                        && operation.getSecurity().isEmpty();
                if (!open) {
                    add(answers, "401", "Nobody is logged in, or the login has expired.");
                }
                if (!open && (method != PathItem.HttpMethod.GET || path.startsWith("/v1/operations/"))) {
                    add(answers, "403", "Your role may not, or a browser's session came without X-XSRF-TOKEN.");
                }
                answers.forEach((status, answer) -> {
                    if (path.startsWith("/v1/") && (status.startsWith("4") || status.startsWith("5"))) {
                        answer.setContent(new Content()
                                .addMediaType(
                                        MediaType.APPLICATION_PROBLEM_JSON_VALUE,
                                        new io.swagger.v3.oas.models.media.MediaType()
                                                .schema(new Schema<>().$ref("#/components/schemas/Problem"))));
                    }
                });
            }));
        };
    }

    private static void add(ApiResponses answers, String status, String description) {
        if (!answers.containsKey(status)) {
            answers.addApiResponse(status, new ApiResponse().description(description));
        }
    }

    private static Schema<?> problem() {
        return new ObjectSchema()
                .description("Problem details (RFC 9457).")
                .addProperty("title", new StringSchema())
                .addProperty("status", new IntegerSchema())
                .addProperty("detail", new StringSchema().description("What is wrong with this very request."))
                .addProperty("remedy", new StringSchema().description("How to mend it."))
                .addProperty(
                        "fields",
                        new ArraySchema()
                                .items(new ObjectSchema()
                                        .addProperty("field", new StringSchema())
                                        .addProperty("problem", new StringSchema()))
                                .description("Only for a body with fields that cannot be accepted."))
                .addProperty(
                        "errorId",
                        new StringSchema().description("Only for a mistake of ours: under this id the log has it."))
                .addProperty("instance", new StringSchema());
    }
}
