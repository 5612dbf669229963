using System.Text.Json;

namespace RemoteMcp.ToolCalls.Schemas;

/// <summary>
/// Represents the compiled input schema of a tool. <see cref="ValueSchema"/> enforces the keywords that most tools use, at a cost of less
/// than a microsecond and with the best messages. If the schema has other keywords, <see cref="FullSchema"/> then enforces all of them.
/// </summary>
internal sealed class ArgumentSchema
{
    private static readonly string[] s_closable = ["$schema", "title", "description", "type", "properties", "required"];

    private readonly ValueSchema _values;
    private readonly FullSchema? _full;
    private readonly HashSet<string> _nullMeansAbsent = new(StringComparer.Ordinal);

    private ArgumentSchema(ValueSchema values, FullSchema? full)
    {
        (_values, _full) = (values, full);
        foreach (var (name, value) in values.Properties)
        {
            if (!value.AcceptsNull || full?.AcceptsNull(name) is false)
            {
                _nullMeansAbsent.Add(name);
            }
        }
    }

    /// <summary>Compiles a schema.</summary>
    /// <exception cref="UnusableSchemaException">The schema is invalid or uses a keyword that the server does not enforce.</exception>
    public static ArgumentSchema Compile(JsonElement schema)
    {
        var values = ValueSchema.Compile(schema);
        return new ArgumentSchema(values, values.IsComplete ? null : FullSchema.Compile(schema));
    }

    /// <summary>Returns whether a schema can only mean the arguments in <c>properties</c>, but does not forbid others.</summary>
    public static bool CanClose(JsonElement schema) =>
        schema.EnumerateObject().All(static keyword => s_closable.Contains(keyword.Name) || ValueSchema.IsInert(keyword.Name));

    /// <summary>
    /// Validates the arguments of a call. This method also removes each null that means an absent argument, and writes integers such as
    /// 1.0 in the form that a serializer accepts.
    /// </summary>
    /// <returns>The problem, or <see langword="null"/> if the arguments are valid.</returns>
    public string? FindProblem(IDictionary<string, JsonElement> arguments)
    {
        foreach (var name in _nullMeansAbsent)
        {
            // Some clients send every argument, and use null for an argument that they do not set.
            if (arguments.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.Null)
            {
                arguments.Remove(name);
            }
        }

        if (_values.FindProblemInArguments(arguments) is { } problem)
        {
            return problem;
        }

        if (_full?.FindProblem(arguments) is { } other)
        {
            return other;
        }

        foreach (var (name, value) in _values.Properties)
        {
            if (value.MayContainNumbers && arguments.TryGetValue(name, out var given) && JsonInteger.TryRewrite(given, out var rewritten))
            {
                arguments[name] = rewritten;
            }
        }

        return null;
    }
}
