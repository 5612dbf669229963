using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RemoteMcp.ToolCalls.Schemas;

/// <summary>
/// Finds the integers among JSON numbers: "any number with a zero fractional part" (JSON Schema 2020-12, Validation, section 6.1.1), such
/// as 1.0 and 1e2. The serializer accepts such numbers only without a point and an exponent.
/// </summary>
internal static class JsonInteger
{
    // A longer exponent is larger than the number of digits in any message.
    private const int MaxExponentDigits = 9;

    /// <summary>Returns whether the value is an integer, of any size.</summary>
    public static bool IsInteger(JsonElement number) => number.TryGetInt64(out _) || IsInteger(number.GetRawText());

    /// <summary>Writes the integers in a value without a point and an exponent, if they have one and have at most 28 digits.</summary>
    /// <param name="value">The value, which can contain numbers at any depth.</param>
    /// <param name="rewritten">The value with the changed integers.</param>
    /// <returns><see langword="true"/> if an integer was changed.</returns>
    public static bool TryRewrite(JsonElement value, out JsonElement rewritten)
    {
        rewritten = default;
        if (!NeedsRewrite(value))
        {
            return false;
        }

        rewritten = JsonSerializer.SerializeToElement(Rewrite(value));
        return true;
    }

    private static bool IsInteger(ReadOnlySpan<char> text)
    {
        var exponentAt = text.IndexOfAny('e', 'E');
        var mantissa = exponentAt < 0 ? text : text[..exponentAt];
        mantissa = mantissa.TrimStart('-');
        var point = mantissa.IndexOf('.');
        var whole = point < 0 ? mantissa : mantissa[..point];
        var fraction = point < 0 ? default : mantissa[(point + 1)..].TrimEnd('0');
        if (whole.TrimStart('0').IsEmpty && fraction.IsEmpty)
        {
            return true;
        }

        var exponent = exponentAt < 0 ? 0 : ReadExponent(text[(exponentAt + 1)..]);
        return fraction.IsEmpty ? -exponent <= whole.Length - whole.TrimEnd('0').Length : exponent >= fraction.Length;
    }

    private static int ReadExponent(ReadOnlySpan<char> text)
    {
        var isNegative = text[0] == '-';
        var digits = text.TrimStart("+-").TrimStart('0');
        var exponent = digits.IsEmpty ? 0
            : digits.Length > MaxExponentDigits ? int.MaxValue
            : int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        return isNegative ? -exponent : exponent;
    }

    private static bool NeedsRewrite(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Number:
                return !value.TryGetInt64(out _) && value.TryGetDecimal(out _) && value.GetRawText().AsSpan().IndexOfAny(".eE") >= 0
                    && IsInteger(value);
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    if (NeedsRewrite(item))
                    {
                        return true;
                    }
                }

                return false;
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject())
                {
                    if (NeedsRewrite(property.Value))
                    {
                        return true;
                    }
                }

                return false;
            default:
                return false;
        }
    }

    private static JsonNode? Rewrite(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when NeedsRewrite(value) => JsonValue.Create(decimal.Truncate(value.GetDecimal())),
        JsonValueKind.Array => new JsonArray([.. value.EnumerateArray().Select(Rewrite)]),
        JsonValueKind.Object => new JsonObject(
            value.EnumerateObject().Select(static property => KeyValuePair.Create(property.Name, Rewrite(property.Value)))),
        JsonValueKind.Null => null,
        _ => JsonValue.Create(value),
    };
}
