using System.Text.Json;
using System.Text.Json.Nodes;

namespace RemoteMcp.Elicitation;

/// <summary>Converts a form that is valid for its schema to the record that the author of the tool defined.</summary>
internal static class FormReader
{
    /// <returns>The problem, as a message for the user, or <see langword="null"/> if <paramref name="form"/> was read.</returns>
    public static string? TryRead<T>(Dictionary<string, JsonElement> fields, out T? form)
        where T : class
    {
        var values = new JsonObject();
        foreach (var property in FormSchema.Json.GetTypeInfo(typeof(T)).Properties)
        {
            if (fields.TryGetValue(property.Name, out var value))
            {
                values[property.Name] = JsonValue.Create(value);
            }
            else if (property.IsRequired)
            {
                // A "required" member in C# that the user may leave empty. The deserializer needs the property to be present.
                values[property.Name] = null;
            }
        }

        try
        {
            form = values.Deserialize<T>(FormSchema.Json);
            return form is null ? "The form is empty." : null;
        }
        catch (JsonException exception)
        {
            form = null;
            return $"'{exception.Path?.TrimStart('$', '.')}' has an invalid value.";
        }
    }
}
