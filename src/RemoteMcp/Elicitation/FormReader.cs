using System.Text.Json;
using System.Text.Json.Nodes;

namespace RemoteMcp.Elicitation;

/// <summary>Makes the author's record out of a form that fits its schema.</summary>
internal static class FormReader
{
    /// <returns>What is wrong with it, for the user; <see langword="null"/> when there is a <paramref name="form"/>.</returns>
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
                // A C# "required" member that may be left empty: the reader wants to see it.
                values[property.Name] = null;
            }
        }

        try
        {
            form = values.Deserialize<T>(FormSchema.Json);
            return form is null ? "The form is empty." : null;
        }
        catch (JsonException error)
        {
            form = null;
            return $"'{error.Path?.TrimStart('$', '.')}' has a value that is not possible.";
        }
    }
}
