using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace RemoteMcp.Elicitation;

/// <summary>Validates a filled-in form against the schema that the server sent, because not every client does this.</summary>
internal static class FormFields
{
    private static readonly EmailAddressAttribute s_email = new();

    /// <returns>The problem, as a message for the user, or <see langword="null"/> if all fields are valid.</returns>
    public static string? Validate(ElicitRequestParams.RequestSchema schema, IReadOnlyDictionary<string, JsonElement> content)
    {
        foreach (var (name, field) in schema.Properties)
        {
            var problem = content.TryGetValue(name, out var value)
                ? Validate(field, value)
                : schema.Required?.Contains(name) is true ? "is missing" : null;
            if (problem is not null)
            {
                return $"'{field.Title ?? name}' {problem}.";
            }
        }

        return null;
    }

    private static string? Validate(ElicitRequestParams.PrimitiveSchemaDefinition field, JsonElement value) => field switch
    {
        ElicitRequestParams.BooleanSchema => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : "must be true or false",
        ElicitRequestParams.NumberSchema number => Validate(number, value),
        ElicitRequestParams.UntitledSingleSelectEnumSchema choice =>
            value.ValueKind == JsonValueKind.String && choice.Enum.Contains(value.GetString()!)
                ? null
                : $"must be one of: {string.Join(", ", choice.Enum)}",
        ElicitRequestParams.StringSchema text => Validate(text, value),
        _ => throw new InvalidOperationException($"A form cannot have a field of type {field.GetType().Name}."),
    };

    private static string? Validate(ElicitRequestParams.NumberSchema field, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number) || !double.IsFinite(number))
        {
            return "must be a number";
        }

        if (field.Type == "integer" && !double.IsInteger(number))
        {
            return "must be a whole number";
        }

        return number < field.Minimum ? string.Create(CultureInfo.InvariantCulture, $"must be at least {field.Minimum}")
            : number > field.Maximum ? string.Create(CultureInfo.InvariantCulture, $"must be at most {field.Maximum}")
            : null;
    }

    private static string? Validate(ElicitRequestParams.StringSchema field, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            return "must be text";
        }

        // JSON Schema counts Unicode characters, not UTF-16 code units.
        var text = value.GetString()!;
        var length = text.EnumerateRunes().Count();
        return length < field.MinLength ? $"must have at least {field.MinLength} characters"
            : length > field.MaxLength ? $"must have at most {field.MaxLength} characters"
            : field.Format == "email" && !s_email.IsValid(text) ? "must be an e-mail address"
            : field.Format == "uri" && !Uri.TryCreate(text, UriKind.Absolute, out _) ? "must be an absolute URL"
            : field.Format == "date"
                && !DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
                ? "must be a date, e.g. 2026-07-28"
            : field.Format == "date-time" && !value.TryGetDateTimeOffset(out _) ? "must be a date and time, e.g. 2026-07-28T09:30:00Z"
            : null;
    }
}
