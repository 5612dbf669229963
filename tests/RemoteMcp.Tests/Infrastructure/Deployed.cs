using System.Globalization;
using System.Text.RegularExpressions;

namespace RemoteMcp.Tests.Infrastructure;

/// <summary>What an expression in a prediction would be after a deployment.</summary>
internal static partial class Deployed
{
    /// <summary>A value as it would be in Azure's public cloud.</summary>
    /// <param name="text">The value as it is predicted.</param>
    /// <param name="elsewhere">What a part of an expression is where something stands in for Azure; null where it is as on Azure.</param>
    public static string Value(string text, Func<string, string?>? elsewhere = null) => text switch
    {
        ['[', .. var expression, ']'] when Format().Match(expression) is { Success: true } call =>
            string.Format(
                CultureInfo.InvariantCulture,
                call.Groups["format"].Value,
                [.. call.Groups["argument"].Captures.Select(argument => elsewhere?.Invoke(argument.Value) ?? OnAzure(argument.Value))]),
        ['[', .. var expression, ']'] => elsewhere?.Invoke(expression) ?? OnAzure(expression),
        _ => text,
    };

    private static string OnAzure(string expression) => expression switch
    {
        ['\'', .. var literal, '\''] => literal,
        "environment().authentication.loginEndpoint" => "https://login.microsoftonline.com/",
        "environment().suffixes.storage" => "core.windows.net",
        _ when expression.EndsWith(".clientId", StringComparison.Ordinal) || expression.EndsWith(".appId", StringComparison.Ordinal) => "44444444-4444-4444-4444-444444444444",
        _ when expression.EndsWith(".customerId", StringComparison.Ordinal) => "66666666-6666-6666-6666-666666666666",
        _ when expression.EndsWith(".ConnectionString", StringComparison.Ordinal) => "InstrumentationKey=55555555-5555-5555-5555-555555555555",
        _ => throw new NotSupportedException($"Say here what a deployment makes of: {expression}"),
    };

    [GeneratedRegex(@"^format\('(?<format>[^']*)'(, (?<argument>'[^']*'|reference\('[^']*', '[^']*'\)\.\w+|[\w.()]+))*\)$")]
    private static partial Regex Format();
}
