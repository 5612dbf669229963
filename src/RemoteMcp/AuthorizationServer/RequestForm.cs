using Microsoft.AspNetCore.Http;

namespace RemoteMcp.AuthorizationServer;

/// <summary>Reads the form of a request. A form that cannot be read is a bad request, and not an internal error.</summary>
internal static class RequestForm
{
    private const string ContentType = "application/x-www-form-urlencoded";

    /// <summary>
    /// Returns whether the content type of a request begins like that of a form. OpenIddict compares no more than this.
    /// </summary>
    public static bool IsLikely(HttpRequest request) =>
        request.ContentType?.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Reads the form. Later reads of the same request return the same form.</summary>
    /// <exception cref="BadHttpRequestException">The content is not a form, or it has too many or too long fields.</exception>
    public static async Task<IFormCollection> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        // A multipart form can fail in more ways, and no page or client sends one.
        if (!IsLikely(request) || !request.HasFormContentType)
        {
            throw new BadHttpRequestException("The content is not a form.", StatusCodes.Status415UnsupportedMediaType);
        }

        try
        {
            return await request.ReadFormAsync(cancellationToken);
        }
        catch (InvalidDataException)
        {
            throw new BadHttpRequestException("The form has too many or too long fields, or null characters.");
        }
        catch (NotSupportedException)
        {
            // .NET refuses UTF-7 with this exception.
            throw new BadHttpRequestException("The encoding of the form is not supported.", StatusCodes.Status415UnsupportedMediaType);
        }
    }
}
