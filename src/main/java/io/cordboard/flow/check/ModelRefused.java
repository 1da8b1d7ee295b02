package io.cordboard.flow.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.ParseException;
import org.camunda.bpm.engine.Problem;
import org.camunda.bpm.engine.ResourceReport;
import org.camunda.bpm.engine.impl.bpmn.parser.ResourceReportImpl;

/**
 * A deployment was refused, with everything that is wrong with it. To the engine it is a failed parse, which its REST
 * interface reports as a bad request and Camunda Modeler shows as it stands.
 */
public final class ModelRefused extends ParseException {

    private final List<Fault> faults;

    public ModelRefused(List<Fault> faults) {
        super(
                message(faults),
                faults.get(0).file(),
                problems(faults, faults.get(0).file()),
                List.of());
        this.faults = List.copyOf(faults);
    }

    public List<Fault> faults() {
        return faults;
    }

    @Override
    public List<ResourceReport> getResorceReports() {
        var reports = new ArrayList<ResourceReport>();
        faults.stream()
                .map(Fault::file)
                .distinct()
                .forEach(file -> reports.add(new ResourceReportImpl(file, problems(faults, file), List.of())));
        return reports;
    }

    private static String message(List<Fault> faults) {
        Map<String, List<Fault>> byFile = new LinkedHashMap<>();
        faults.forEach(fault ->
                byFile.computeIfAbsent(fault.file(), file -> new ArrayList<>()).add(fault));
        var text = new StringBuilder("Nothing was deployed: ")
                .append(faults.size())
                .append(faults.size() == 1 ? " fault" : " faults")
                .append(" found.");
        byFile.forEach((file, found) -> {
            text.append('\n').append(file);
            found.forEach(fault -> text.append("\n * ").append(fault));
        });
        return text.toString();
    }

    private static List<Problem> problems(List<Fault> faults, String file) {
        return faults.stream()
                .filter(fault -> fault.file().equals(file))
                .<Problem>map(FaultAsProblem::new)
                .toList();
    }

    private record FaultAsProblem(Fault fault) implements Problem {

        @Override
        public String getMessage() {
            return fault.what() + " " + fault.remedy();
        }

        @Override
        public int getLine() {
            return fault.line();
        }

        @Override
        public int getColumn() {
            return fault.column();
        }

        @Override
        public String getMainElementId() {
            return fault.element();
        }

        @Override
        public List<String> getElementIds() {
            return fault.element().isEmpty() ? List.of() : List.of(fault.element());
        }
    }
}
