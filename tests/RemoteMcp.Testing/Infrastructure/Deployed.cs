using System.Globalization;
using System.Text.RegularExpressions;

namespace RemoteMcp.Testing.Infrastructure;

/// <summary>Evaluates the expressions of a prediction as a deployment would.</summary>
internal static partial class Deployed
{
    /// <summary>Returns a value as it would be in Azure's public cloud.</summary>
    /// <param name="text">The predicted value.</param>
    /// <param name="onEmulator">
    /// Returns the value of an expression where an emulator replaces Azure, or null where the value is the same as on Azure.
    /// </param>
    public static string Value(string text, Func<string, string?>? onEmulator = null) => text switch
    {
        ['[', .. var expression, ']'] when Format().Match(expression) is { Success: true } call =>
            string.Format(
                CultureInfo.InvariantCulture,
                call.Groups["format"].Value,
                [.. call.Groups["argument"].Captures.Select(argument => onEmulator?.Invoke(argument.Value) ?? OnAzure(argument.Value))]),
        ['[', .. var expression, ']'] => onEmulator?.Invoke(expression) ?? OnAzure(expression),
        _ => text,
    };

    private static string OnAzure(string expression) => expression switch
    {
        ['\'', .. var literal, '\''] => literal,
        "environment().authentication.loginEndpoint" => "https://login.microsoftonline.com/",
        "environment().suffixes.storage" => "core.windows.net",
        "environment().suffixes.keyvaultDns" => ".vault.azure.net",
        _ when expression.EndsWith(".clientId", StringComparison.Ordinal)
            || expression.EndsWith(".appId", StringComparison.Ordinal) => "44444444-4444-4444-4444-444444444444",
        _ when expression.EndsWith(".customerId", StringComparison.Ordinal) => "66666666-6666-6666-6666-666666666666",
        _ when expression.EndsWith(".ConnectionString", StringComparison.Ordinal) =>
            "InstrumentationKey=55555555-5555-5555-5555-555555555555",
        _ => throw new NotSupportedException($"Add to this method the value that a deployment has for: {expression}"),
    };

    [GeneratedRegex(@"^format\('(?<format>[^']*)'(, (?<argument>'[^']*'|reference\('[^']*', '[^']*'\)\.\w+|[\w.()]+))*\)$")]
    private static partial Regex Format();
}
