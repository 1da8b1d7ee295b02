package io.cordboard.customer.web;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.cordboard.customer.Account;
import io.cordboard.customer.AuditLog;
import io.cordboard.customer.Customers;
import io.cordboard.customer.Customers.Customer;
import io.cordboard.customer.Recovery;
import io.cordboard.platform.Page;
import io.cordboard.platform.Problem;
import io.cordboard.shared.CustomerId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The customers of this installation, for the administrators of its operator; and to each customer its audit log. */
@RestController
@Tag(name = "Customers")
class CustomersController {

    private final Customers customers;
    private final Recovery recovery;
    private final AuditLog audit;

    CustomersController(Customers customers, Recovery recovery, AuditLog audit) {
        this.customers = customers;
        this.recovery = recovery;
        this.audit = audit;
    }

    @GetMapping("/v1/customers")
    @Operation(summary = "List customers", description = "By name. For administrators of the operator.")
    Page<CustomerJson> list(
            @RequestParam(defaultValue = "50") @Min(1) @Max(Page.LARGEST) int limit,
            @Parameter(description = "The value of next in the piece before.") @RequestParam(defaultValue = "")
                    String cursor) {
        List<CustomerJson> found =
                customers.list(cursor, limit + 1).stream().map(CustomerJson::of).toList();
        return Page.cut(found, limit, CustomerJson::name);
    }

    @PostMapping("/v1/customers")
    @Operation(
            summary = "Add a customer",
            description =
                    "It begins with its guest agent; the token for that one's first login is shown on the server's"
                            + " console.")
    @ApiResponse(responseCode = "201")
    @ApiResponse(responseCode = "409", description = "There is one of this name.")
    ResponseEntity<CustomerJson> add(@Valid @RequestBody NewCustomer wanted) {
        Customer added = customers
                .add(wanted.name.strip())
                .orElseThrow(() -> Problem.conflict(
                        "There is a customer " + wanted.name.strip() + " already.", "Choose another name."));
        recovery.showToken(added);
        return ResponseEntity.created(URI.create("/v1/customers/" + added.id())).body(CustomerJson.of(added));
    }

    @GetMapping("/v1/customers/{id}")
    @Operation(summary = "Get a customer")
    @ApiResponse(responseCode = "200")
    @ApiResponse(responseCode = "404", description = "There is no such customer.")
    CustomerJson get(@PathVariable UUID id) {
        return CustomerJson.of(find(id));
    }

    @PostMapping("/v1/customers/{id}/recovery")
    @Operation(
            summary = "Let a customer's guest agent in",
            description = "Shows a token for one login on the console of the server, not here.")
    @ApiResponse(responseCode = "204", description = "Look at the console of the server that answered.")
    @ApiResponse(responseCode = "404", description = "There is no such customer.")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void recover(@PathVariable UUID id) {
        recovery.showToken(find(id));
    }

    @GetMapping("/v1/audit")
    @Operation(
            summary = "Read the audit log",
            description = "What people with power did in your customer, newest first.")
    Page<EntryJson> audit(
            @AuthenticationPrincipal Account me,
            @RequestParam(defaultValue = "50") @Min(1) @Max(Page.LARGEST) int limit,
            @Parameter(description = "The value of next in the piece before.")
                    @RequestParam(defaultValue = "9223372036854775807")
                    long cursor) {
        List<EntryJson> found = audit.list(me.customer(), cursor, limit + 1).stream()
                .map(EntryJson::of)
                .toList();
        return Page.cut(found, limit, entry -> Long.toString(entry.id()));
    }

    private Customer find(UUID id) {
        return customers
                .find(new CustomerId(id))
                .orElseThrow(() ->
                        Problem.notFound("There is no customer " + id + ".", "GET /v1/customers lists them all."));
    }

    /** @param name unique in the installation */
    record NewCustomer(@Schema(example = "Example Ltd") @NotBlank @Size(max = 100) String name) {}

    /** @param operator whether it runs this installation */
    @Schema(name = "Customer")
    @JsonNaming(SnakeCaseStrategy.class)
    record CustomerJson(UUID id, @Schema(example = "Example Ltd") String name, boolean operator, Instant createdAt) {

        static CustomerJson of(Customer customer) {
            return new CustomerJson(customer.id().value(), customer.name(), customer.operator(), customer.createdAt());
        }
    }

    /**
     * @param action method and path
     * @param status what it was answered with
     * @param address where it came from
     */
    @Schema(name = "AuditEntry")
    record EntryJson(
            long id,
            Instant at,
            @Schema(example = "admin") String username,
            @Schema(example = "admin") String role,
            @Schema(example = "POST /v1/agents") String action,
            @Schema(example = "201") int status,
            @Schema(example = "203.0.113.7") String address) {

        static EntryJson of(AuditLog.Entry entry) {
            return new EntryJson(
                    entry.id(),
                    entry.at(),
                    entry.username(),
                    entry.role(),
                    entry.action(),
                    entry.status(),
                    entry.address());
        }
    }
}
