using System.Text;
using System.Text.Json;
using Json.Pointer;
using Json.Schema;

namespace RemoteMcp.ToolCalls.Schemas;

/// <summary>Describes the result of JsonSchema.Net to a model: the path of the argument, and what the schema demands.</summary>
internal static class SchemaProblem
{
    private const int MaxAlternatives = 4;

    // An error below one of these keywords does not by itself make the arguments invalid.
    private static readonly string[] s_alternatives = ["anyOf", "oneOf", "not", "if", "contains"];

    public static string Describe(EvaluationResults result, JsonElement schema)
    {
        var failures = (result.Details ?? []).Where(static detail => !detail.IsValid).ToList();
        var direct = failures.Find(static failure => failure.Errors is { Count: > 0 } && AlternativeOf(failure) is null);
        if (direct is not null)
        {
            return Sentence(direct, Text(direct, schema));
        }

        var alternative = (result.Details ?? []).Find(static detail => AlternativeOf(detail) is not null);
        return alternative is null
            ? "The arguments do not match the input schema."
            : Sentence(alternative, DescribeAlternatives(AlternativeOf(alternative)!, failures, schema));
    }

    private static string DescribeAlternatives(string keyword, List<EvaluationResults> failures, JsonElement schema)
    {
        var texts = failures.Where(failure => failure.Errors is { Count: > 0 } && AlternativeOf(failure) == keyword)
            .Select(failure => Text(failure, schema))
            .Distinct()
            .Take(MaxAlternatives)
            .ToList();
        return keyword switch
        {
            "not" => "has a form that the input schema excludes ('not')",
            "oneOf" when texts.Count == 0 => "matches more than one of the alternatives in the input schema ('oneOf')",
            _ => $"matches none of the alternatives in the input schema ('{keyword}'): {string.Join("; or ", texts)}",
        };
    }

    /// <summary>Returns the keyword for alternatives that a result is below, or <see langword="null"/> if the result is decisive.</summary>
    public static string? AlternativeOf(EvaluationResults detail)
    {
        foreach (var segment in detail.EvaluationPath.ToString().Split('/'))
        {
            if (s_alternatives.Contains(segment))
            {
                return segment;
            }
        }

        return null;
    }

    private static string Sentence(EvaluationResults failure, string text)
    {
        var segments = failure.InstanceLocation.ToString().Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (segments.Length == 0)
        {
            return $"The arguments: {text}.";
        }

        var path = new StringBuilder(Name(segments[0])).Append(": ");
        foreach (var segment in segments[1..])
        {
            path.Append(int.TryParse(segment, out var index) ? $"item {index + 1} " : Name(segment) + " ");
        }

        return $"{path}{text}.";
    }

    private static string Name(string segment) =>
        SafeText.Line(segment.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal), 100);

    private static string Text(EvaluationResults failure, JsonElement schema)
    {
        var (keyword, error) = failure.Errors!.First();
        return keyword switch
        {
            "" => "is not allowed here",
            "pattern" when Find(failure, "pattern", schema) is { } pattern => $"must match the pattern {pattern}",
            "format" when Find(failure, "format", schema) is { } format => $"must have the format {format}",
            "const" when Find(failure, "const", schema) is { } constant => $"must be {constant}",
            "enum" when Find(failure, "enum", schema) is { } choices => $"must be one of {choices}",
            _ => SafeText.Line(error.TrimEnd('.'), 300),
        };
    }

    private static string? Find(EvaluationResults failure, string keyword, JsonElement schema) =>
        JsonPointer.TryParse(Uri.UnescapeDataString(failure.SchemaLocation.Fragment.TrimStart('#')), out var pointer)
        && pointer.Evaluate(schema) is { ValueKind: JsonValueKind.Object } subschema
        && subschema.TryGetProperty(keyword, out var value)
            ? SafeText.Line(value.GetRawText(), 200)
            : null;
}
