using System.Globalization;
using System.Text.Json;

namespace RemoteMcp.ToolCalls.Schemas;

/// <summary>Represents the smallest and the greatest valid number, length, or count. Each is undefined if there is no limit.</summary>
internal readonly record struct ValueRange(JsonElement Minimum, JsonElement Maximum)
{
    public bool IsEmpty => Minimum.ValueKind == JsonValueKind.Undefined && Maximum.ValueKind == JsonValueKind.Undefined;

    /// <summary>Returns the problem of a number.</summary>
    public string? FindProblem(JsonElement number) =>
        IsEmpty || (IsAtLeast(number, Minimum) && IsAtLeast(Maximum, number)) ? null : Describe(ValueText.Write(number), "");

    /// <summary>Returns the problem of a length or a count.</summary>
    public string? FindProblem(int number, string unit) =>
        IsEmpty
        || ((Minimum.ValueKind == JsonValueKind.Undefined || number >= Minimum.GetDouble())
            && (Maximum.ValueKind == JsonValueKind.Undefined || number <= Maximum.GetDouble()))
            ? null
            : Describe(number.ToString(CultureInfo.InvariantCulture), unit);

    // A double cannot distinguish integers above 2^53, and a decimal cannot hold numbers above 10^28.
    private static bool IsAtLeast(JsonElement greater, JsonElement smaller) =>
        greater.ValueKind == JsonValueKind.Undefined || smaller.ValueKind == JsonValueKind.Undefined
        || (greater.TryGetDecimal(out var exactGreater) && smaller.TryGetDecimal(out var exactSmaller)
            ? exactGreater >= exactSmaller
            : greater.GetDouble() >= smaller.GetDouble());

    private string Describe(string value, string unit) => (Minimum.ValueKind, Maximum.ValueKind) switch
    {
        (_, JsonValueKind.Undefined) => $"must be at least {Minimum.GetRawText()}{unit}, but is {value}",
        (JsonValueKind.Undefined, _) => $"must be at most {Maximum.GetRawText()}{unit}, but is {value}",
        _ => $"must be {Minimum.GetRawText()} to {Maximum.GetRawText()}{unit}, but is {value}",
    };
}
