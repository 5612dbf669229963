using System.Text.Json;
using System.Text.RegularExpressions;
using Json.Schema;

namespace RemoteMcp.ToolCalls.Schemas;

/// <summary>
/// Represents an input schema with any keyword of JSON Schema 2020-12, compiled by JsonSchema.Net. The arguments reach the library only
/// after <see cref="ValueSchema"/> has accepted them.
/// </summary>
internal sealed class FullSchema
{
    // The library needs memory and stack in proportion to the value of an exponent (the number 1e999999999 ends the process).
    private const int MaxNumberLength = 64;
    private const double MaxMagnitude = 1e300;

    private readonly JsonSchema _schema;
    private readonly JsonElement _source;

    private FullSchema(JsonSchema schema, JsonElement source) => (_schema, _source) = (schema, source);

    /// <summary>Compiles a schema.</summary>
    /// <exception cref="UnusableSchemaException">
    /// The schema is invalid, has a keyword that JSON Schema 2020-12 does not define, or refers to another document.
    /// </exception>
    public static FullSchema Compile(JsonElement schema)
    {
        try
        {
            var dialects = new DialectRegistry();
            dialects.Register(SchemaDialect.Dialect);
            if (schema.TryGetProperty("$schema", out var dialect) && dialect.GetString()?.TrimEnd('#') != SchemaDialect.Id.OriginalString)
            {
                throw new UnusableSchemaException($"its $schema is not {SchemaDialect.Id}, the only dialect that the server supports.");
            }

            var compiled = JsonSchema.Build(
                schema,
                new BuildOptions { Dialect = SchemaDialect.Dialect, DialectRegistry = dialects, SchemaRegistry = new SchemaRegistry() });
            Prepare(compiled.Root, "#", []);
            return new FullSchema(compiled, schema);
        }
        catch (Exception exception) when (exception is JsonSchemaException or RefResolutionException or RegexParseException
            or InvalidOperationException or FormatException or ArgumentException or KeyNotFoundException)
        {
            throw new UnusableSchemaException(SafeText.Line(exception.Message, 300));
        }
    }

    /// <summary>Returns whether null is a valid value of an argument.</summary>
    public bool AcceptsNull(string argument)
    {
        var arguments = JsonSerializer.SerializeToElement(new Dictionary<string, object?> { [argument] = null });
        var result = _schema.Evaluate(arguments, new BoundedEvaluation(values: 1) { OutputFormat = OutputFormat.List });
        return result.IsValid || !(result.Details ?? []).Exists(static detail =>
            !detail.IsValid && detail.InstanceLocation.SegmentCount > 0 && SchemaProblem.AlternativeOf(detail) is null);
    }

    /// <summary>Returns the problem of the arguments, or <see langword="null"/> if they are valid.</summary>
    public string? FindProblem(IDictionary<string, JsonElement> arguments)
    {
        var values = 0;
        foreach (var (name, value) in arguments)
        {
            if (!TryCount(value, ref values))
            {
                return $"{SafeText.Line(name, 100)}: must not have a number with more than {MaxNumberLength} characters or beyond 1e300.";
            }
        }

        try
        {
            var instance = JsonSerializer.SerializeToElement(arguments);
            return _schema.Evaluate(instance, new BoundedEvaluation(values) { OutputFormat = OutputFormat.Flag }).IsValid
                ? null
                : SchemaProblem.Describe(
                    _schema.Evaluate(instance, new BoundedEvaluation(values) { OutputFormat = OutputFormat.List }), _source);
        }
        catch (Exception exception) when (exception is EvaluationTooLongException or RegexMatchTimeoutException)
        {
            return "The arguments take too long to compare with the input schema. Send fewer or shorter values.";
        }
    }

    // Counts the values, and stops at a number that is too large or too small.
    private static bool TryCount(JsonElement value, ref int count)
    {
        count++;
        switch (value.ValueKind)
        {
            case JsonValueKind.Number:
                var text = value.GetRawText();
                return text.Length <= MaxNumberLength && IsModerate(value.GetDouble(), text);
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    if (!TryCount(item, ref count))
                    {
                        return false;
                    }
                }

                return true;
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject())
                {
                    if (!TryCount(property.Value, ref count))
                    {
                        return false;
                    }
                }

                return true;
            default:
                return true;
        }
    }

    // Zero stands for a number that is too small.
    private static bool IsModerate(double number, string text) =>
        Math.Abs(number) is > 1 / MaxMagnitude and < MaxMagnitude || (number == 0 && text.AsSpan().IndexOfAny("eE") < 0);

    // Refuses unknown keywords, and bounds the patterns.
    private static void Prepare(JsonSchemaNode node, string path, HashSet<JsonSchemaNode> seen)
    {
        if (!seen.Add(node) || node.Source.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var property in node.Source.EnumerateObject())
        {
            if (!SchemaDialect.Has(property.Name))
            {
                throw new UnusableSchemaException(
                    $"it has the keyword {SafeText.Quote(property.Name)} at {SafeText.Quote(path)}, which JSON "
                        + "Schema 2020-12 does not define. A keyword of your own must begin with x-.");
            }
        }

        foreach (var keyword in node.Keywords ?? [])
        {
            SchemaDialect.BoundPatterns(keyword);
            if (keyword.Handler.Name == "$ref" && keyword.Subschemas is null or [])
            {
                // The library would only notice it when a caller's arguments reach the reference.
                throw new UnusableSchemaException(
                    $"the reference {SafeText.Quote(keyword.RawValue.ToString())} at {SafeText.Quote(path)} leads to no schema in it.");
            }

            foreach (var subschema in keyword.Subschemas ?? [])
            {
                Prepare(subschema, path + subschema.RelativePath, seen);
            }
        }
    }
}
