using System.Text.Json;
using Azure;
using Azure.Identity;
using RemoteMcp.AzureClients;
using RemoteMcp.Storage;
using RemoteMcp.ToolCalls;

namespace RemoteMcp.DataProtection;

/// <summary>The exception that is thrown when a version of a key in Key Vault cannot unwrap what it is asked to unwrap.</summary>
internal sealed class KeyUnusableException(string message) : Exception(message);

/// <summary>Describes the failures of Key Vault for the operator.</summary>
internal static class KeyVaultErrors
{
    // The delay before a retry when the vault asks for none.
    private static readonly TimeSpan s_usualDelay = TimeSpan.FromSeconds(2);

    // A new role assignment takes minutes to take effect.
    private static readonly TimeSpan s_longDelay = TimeSpan.FromSeconds(30);

    /// <summary>Returns the exception for a response that is not successful.</summary>
    public static Exception Explain(KeyVaultKeyId key, Response response)
    {
        var (code, inner) = ReadCodes(response);
        var answer = $"{response.Status} {SafeText.Line(inner ?? code ?? "", 60)}".TrimEnd();
        var retryAfter = RetryAfter.From(response);
        return (response.Status, code, inner) switch
        {
            (404, "KeyNotFound", _) or (403, _, "KeyDisabled") or (400, _, _) =>
                new KeyUnusableException($"Key Vault cannot use the key {key} ({answer})."),
            (401 or 403, _, _) => new StateUnavailableException(
                $"Key Vault denied the server's identity access to the key {key} ({answer}). Assign the role 'Key Vault Crypto Service "
                + "Encryption User' on the key to the identity, and allow the server in the vault's network rules.",
                retryAfter ?? s_longDelay),
            _ => new StateUnavailableException($"Key Vault answered {answer} for the key {key}.", retryAfter ?? s_usualDelay),
        };
    }

    /// <summary>Returns the exception for a successful response with an unexpected content.</summary>
    public static StateUnavailableException Unexpected(KeyVaultKeyId key, Exception? inner = null) =>
        new($"Key Vault answered with an unexpected content for the key {key}.", s_longDelay, inner);

    /// <summary>Converts an error of the client to a <see cref="StateUnavailableException"/>, or returns <see langword="null"/>.</summary>
    public static StateUnavailableException? AsUnavailable(KeyVaultKeyId key, Exception error) => error switch
    {
        // Azure.Core wraps the exceptions of all attempts in one AggregateException after the last retry.
        AggregateException { InnerExceptions: [.., var last] } => AsUnavailable(key, last),
        RequestFailedException or IOException or HttpRequestException =>
            new($"Key Vault could not be reached at {key.Vault}.", s_usualDelay, error),
        OperationCanceledException => new($"Key Vault did not answer in time at {key.Vault}.", s_usualDelay, error),
        AuthenticationFailedException => new("The server got no token for Key Vault from its identity.", s_usualDelay, error),
        JsonException or KeyNotFoundException or InvalidOperationException or FormatException => Unexpected(key, error),
        _ => null,
    };

    // https://learn.microsoft.com/azure/key-vault/general/rest-error-codes
    private static (string? Code, string? Inner) ReadCodes(Response response)
    {
        try
        {
            using var body = JsonDocument.Parse(response.Content);
            var error = body.RootElement.GetProperty("error");
            var inner = error.TryGetProperty("innererror", out var detail) && detail.ValueKind == JsonValueKind.Object
                && detail.TryGetProperty("code", out var code) ? code.GetString() : null;
            return (error.GetProperty("code").GetString(), inner);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return (null, null);
        }
    }
}
