using System.Text.Json;
using RemoteMcp.Protocol;
using RemoteMcp.ToolCalls;

namespace RemoteMcp.AuthorizationServer.Clients;

/// <summary>
/// Reads client metadata (RFC 7591, section 2), which documents and registrations have in common. Unknown members are ignored.
/// </summary>
internal static class ClientMetadata
{
    /// <summary>The maximum length of a client's name, in characters.</summary>
    public const int MaxNameLength = 80;

    private const string UnnamedClient = "Unnamed client";

    /// <summary>Parses a JSON object.</summary>
    /// <exception cref="ClientRefusedException">The text is not a JSON object, or it is ambiguous.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            var document = StrictJson.Parse(json);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
        }
        catch (JsonException)
        {
            // The message of the exception can contain text of the client.
        }

        throw new ClientRefusedException("The client's metadata must be a JSON object in UTF-8 without duplicate members.");
    }

    /// <summary>Returns the text of a member, or <see langword="null"/> if the member is missing or null.</summary>
    /// <exception cref="ClientRefusedException">The member is not text.</exception>
    public static string? Text(JsonElement metadata, string member) =>
        !metadata.TryGetProperty(member, out var value) ? null : value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Null => null,
            _ => throw new ClientRefusedException($"{member} must be text."),
        };

    /// <summary>Returns the texts in a member, or <see langword="null"/> if the member is missing or null.</summary>
    /// <exception cref="ClientRefusedException">The member is not a list of texts, or the list is too long.</exception>
    public static List<string>? Texts(
        JsonElement metadata, string member, int maxCount, string error = ClientRefusedException.InvalidMetadata)
    {
        if (!metadata.TryGetProperty(member, out var list) || list.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > maxCount)
        {
            throw NotTexts();
        }

        var texts = new List<string>(list.GetArrayLength());
        foreach (var item in list.EnumerateArray())
        {
            texts.Add(item.ValueKind == JsonValueKind.String ? item.GetString()! : throw NotTexts());
        }

        return texts;

        ClientRefusedException NotTexts() => new($"{member} must be a list of {maxCount} texts at most.", error);
    }

    /// <summary>Returns the redirect URIs that the client gets.</summary>
    /// <exception cref="ClientRefusedException">There are none or too many, one is malformed, or none is allowed.</exception>
    public static IReadOnlyList<string> RedirectUris(JsonElement metadata, int maxCount, RedirectPolicy policy) =>
        Texts(metadata, "redirect_uris", maxCount, ClientRefusedException.InvalidRedirectUri) is { Count: > 0 } uris
            ? policy.KeepAllowed(uris)
            : throw new ClientRefusedException(
                $"redirect_uris must contain 1 to {maxCount} URIs.", ClientRefusedException.InvalidRedirectUri);

    /// <summary>Returns the name of the client as one line that contains no invisible characters and is not empty.</summary>
    /// <param name="metadata">The metadata.</param>
    /// <param name="fallback">The name of a client without <c>client_name</c>; a general name if it is null.</param>
    /// <exception cref="ClientRefusedException"><c>client_name</c> is not text.</exception>
    public static string Name(JsonElement metadata, string? fallback)
    {
        var given = Text(metadata, "client_name")?.Trim();
        var name = string.IsNullOrEmpty(given) ? fallback ?? UnnamedClient : given;
        // The first step can exceed the length by an escape sequence, and both add an ellipsis.
        return SafeText.Truncate(SafeText.Line(name, MaxNameLength - 1), MaxNameLength - 1);
    }
}
