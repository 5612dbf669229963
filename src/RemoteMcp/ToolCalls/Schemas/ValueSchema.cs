using System.Text.Json;
using RemoteMcp.Configuration;

namespace RemoteMcp.ToolCalls.Schemas;

/// <summary>
/// Represents a compiled schema of a value, with the keywords that the schemas of most tools consist of. Other keywords are not enforced
/// here; <see cref="IsComplete"/> tells whether there are any. A problem is the end of a sentence whose subject is the value.
/// </summary>
internal sealed class ValueSchema
{
    private static readonly string[] s_inert =
    [
        "$comment", "$defs", "$schema", "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly",
    ];

    private static readonly JsonElement s_null = JsonElement.Parse("null");
    private static readonly ValueSchema s_anything = new();

    private readonly Dictionary<string, ValueSchema> _properties = new(StringComparer.Ordinal);
    private string[] _types = [];
    private string[] _required = [];
    private JsonElement[]? _choices;
    private ValueRange _range;
    private ValueRange _length;
    private ValueRange _count;
    private ValueSchema? _items;
    private ValueSchema? _others;
    private bool _isClosed;

    private ValueSchema()
    {
    }

    /// <summary>Gets whether this class enforces all keywords of the schema and of its subschemas.</summary>
    public bool IsComplete { get; private set; } = true;

    public bool AcceptsNull => FindProblem(s_null) is null;

    /// <summary>Gets whether a valid value can be a number or contain one.</summary>
    public bool MayContainNumbers =>
        _types.Length == 0 || _types.Any(static type => type is not ("string" or "boolean" or "null"));

    public IReadOnlyDictionary<string, ValueSchema> Properties => _properties;

    /// <summary>Returns whether a keyword never makes a value invalid.</summary>
    public static bool IsInert(string keyword) =>
        s_inert.Contains(keyword) || keyword.StartsWith("x-", StringComparison.Ordinal);

    public static ValueSchema Compile(JsonElement schema)
    {
        if (schema.ValueKind == JsonValueKind.True)
        {
            return s_anything;
        }

        var compiled = new ValueSchema();
        if (schema.ValueKind != JsonValueKind.Object)
        {
            compiled.IsComplete = false;
            return compiled;
        }

        foreach (var keyword in schema.EnumerateObject())
        {
            compiled.IsComplete &= compiled.TryAdd(keyword.Name, keyword.Value) || IsInert(keyword.Name);
        }

        // These keywords change what additionalProperties and items mean.
        if (schema.TryGetProperty("patternProperties", out _))
        {
            (compiled._isClosed, compiled._others) = (false, null);
        }

        if (schema.TryGetProperty("prefixItems", out _))
        {
            compiled._items = null;
        }

        return compiled;
    }

    /// <summary>Returns the problem of the arguments, as a sentence that begins with the name of the argument.</summary>
    public string? FindProblemInArguments(IDictionary<string, JsonElement> arguments)
    {
        // An unknown argument is reported first, because it can be the misspelled name of an argument that is missing.
        foreach (var (name, value) in arguments)
        {
            if (!_properties.ContainsKey(name) && (FindProblemOfOther(name) ?? _others?.FindProblem(value)) is { } problem)
            {
                return Sentence(SafeText.Line(name, 100), problem);
            }
        }

        foreach (var (name, schema) in _properties)
        {
            if (!arguments.TryGetValue(name, out var value))
            {
                if (_required.Contains(name))
                {
                    return $"{name}: is required but was not given.";
                }
            }
            else if (schema.FindProblem(value) is { } problem)
            {
                return Sentence(name, problem);
            }
        }

        return FindMissing(arguments.ContainsKey) is { } missing ? $"{missing}: is required but was not given." : null;
    }

    private static string Sentence(string name, string problem) => $"{name}: {problem}{(problem.EndsWith('?') ? "" : ".")}";

    private string? FindProblem(JsonElement value)
    {
        if (_types.Length > 0 && !_types.Any(type => ValueText.IsOfType(value, type)))
        {
            return $"must be {string.Join(" or ", _types.Select(ValueText.Describe))}, but is {ValueText.Describe(value)}";
        }

        if (_choices is not null && !_choices.Any(choice => AreEqual(choice, value)))
        {
            return $"must be one of {string.Join(", ", _choices.Select(ValueText.Write))}, but is {ValueText.Quote(value)}";
        }

        return value.ValueKind switch
        {
            JsonValueKind.Number => _range.FindProblem(value),
            JsonValueKind.String => _length.IsEmpty ? null : FindProblemOfLength(value.GetString()!),
            JsonValueKind.Array => _count.FindProblem(value.GetArrayLength(), " items long") ?? FindProblemInItems(value),
            JsonValueKind.Object => FindProblemInObject(value),
            _ => null,
        };
    }

    private static bool AreEqual(JsonElement choice, JsonElement value)
    {
        try
        {
            return JsonElement.DeepEquals(choice, value);
        }
        catch (ArgumentOutOfRangeException)
        {
            // A number has an exponent beyond int.
            return false;
        }
    }

    // "The length of a string instance is defined as the number of its characters as defined by RFC 8259." (Validation, section 6.3.1)
    private string? FindProblemOfLength(string text) =>
        _length.FindProblem(text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') ? text.EnumerateRunes().Count() : text.Length,
            " characters long");

    private string? FindProblemInItems(JsonElement array)
    {
        if (_items is null)
        {
            return null;
        }

        var number = 0;
        foreach (var item in array.EnumerateArray())
        {
            number++;
            if (_items.FindProblem(item) is { } problem)
            {
                return $"item {number} {problem}";
            }
        }

        return null;
    }

    private string? FindProblemInObject(JsonElement value)
    {
        foreach (var property in value.EnumerateObject())
        {
            var problem = _properties.TryGetValue(property.Name, out var schema)
                ? schema.FindProblem(property.Value)
                : FindProblemOfOther(property.Name) ?? _others?.FindProblem(property.Value);
            if (problem is not null)
            {
                return $"{SafeText.Line(property.Name, 100)} {problem}";
            }
        }

        return FindMissing(name => value.TryGetProperty(name, out _)) is { } missing ? $"{missing} is required but was not given" : null;
    }

    private string? FindProblemOfOther(string name) => !_isClosed ? null
        : NearestName.Find(name, _properties.Keys) is { } nearest ? $"is unknown. Did you mean {nearest}?"
        : _properties.Count == 0 ? "is unknown. No names are valid here"
        : $"is unknown. The valid names are {string.Join(", ", _properties.Keys)}";

    private string? FindMissing(Func<string, bool> contains)
    {
        foreach (var name in _required)
        {
            if (!contains(name))
            {
                return name;
            }
        }

        return null;
    }

    private bool TryAdd(string keyword, JsonElement value)
    {
        switch ((keyword, value.ValueKind))
        {
            case ("type", JsonValueKind.String):
                _types = [value.GetString()!];
                return ValueText.IsType(_types[0]);
            case ("type", JsonValueKind.Array) when value.EnumerateArray().All(static type => type.ValueKind == JsonValueKind.String):
                _types = [.. value.EnumerateArray().Select(static type => type.GetString()!)];
                return _types.Length > 0 && _types.All(ValueText.IsType);
            case ("enum", JsonValueKind.Array):
                _choices = [.. value.EnumerateArray()];
                return true;
            case ("required", JsonValueKind.Array) when value.EnumerateArray().All(static name => name.ValueKind == JsonValueKind.String):
                _required = [.. value.EnumerateArray().Select(static name => name.GetString()!)];
                return true;
            case ("minimum", JsonValueKind.Number):
                _range = _range with { Minimum = value };
                return true;
            case ("maximum", JsonValueKind.Number):
                _range = _range with { Maximum = value };
                return true;
            case ("minLength", JsonValueKind.Number):
                _length = _length with { Minimum = value };
                return true;
            case ("maxLength", JsonValueKind.Number):
                _length = _length with { Maximum = value };
                return true;
            case ("minItems", JsonValueKind.Number):
                _count = _count with { Minimum = value };
                return true;
            case ("maxItems", JsonValueKind.Number):
                _count = _count with { Maximum = value };
                return true;
            case ("items", JsonValueKind.Object or JsonValueKind.True):
                return (_items = Compile(value)).IsComplete;
            case ("additionalProperties", JsonValueKind.False):
                return _isClosed = true;
            case ("additionalProperties", JsonValueKind.Object or JsonValueKind.True):
                return (_others = Compile(value)).IsComplete;
            case ("properties", JsonValueKind.Object):
                foreach (var property in value.EnumerateObject())
                {
                    _properties[property.Name] = Compile(property.Value);
                }

                return _properties.Values.All(static property => property.IsComplete);
            default:
                return false;
        }
    }
}
