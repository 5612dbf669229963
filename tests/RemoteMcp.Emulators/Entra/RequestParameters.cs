using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace RemoteMcp.Emulators.Entra;

/// <summary>The OAuth parameters of a request, from its query and its form.</summary>
internal sealed class RequestParameters
{
    private readonly IQueryCollection _query;
    private readonly IFormCollection _form;

    private RequestParameters(IQueryCollection query, IFormCollection form) => (_query, _form) = (query, form);

    /// <summary>The value, or null if it is absent or empty (RFC 6749 section 3.1: an empty parameter counts as omitted).</summary>
    public string? this[string name]
    {
        get
        {
            var values = _form.TryGetValue(name, out var posted) ? posted
                : _query.TryGetValue(name, out var queried) ? queried
                : StringValues.Empty;
            return values.Count switch
            {
                0 => null,
                1 => string.IsNullOrEmpty(values[0]) ? null : values[0],
                // RFC 6749 section 3.1: parameters MUST NOT be included more than once.
                _ => throw Refusals.Malformed(),
            };
        }
    }

    public static async Task<RequestParameters> ReadAsync(HttpRequest request, bool formOnly = false)
    {
        IFormCollection form = FormCollection.Empty;
        if (request.HasFormContentType)
        {
            try
            {
                form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
            }
            catch (InvalidDataException)
            {
                throw Refusals.Malformed();
            }
        }
        return new RequestParameters(formOnly ? QueryCollection.Empty : request.Query, form);
    }

    public string Require(string name) => this[name] ?? throw Refusals.MissingParameter(name);
}
