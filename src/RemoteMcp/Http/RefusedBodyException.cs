using Microsoft.AspNetCore.Http;

namespace RemoteMcp.Http;

/// <summary>The exception that is thrown if the server does not accept the body of a request. Its message is for the client.</summary>
internal sealed class RefusedBodyException(string message, int statusCode) : BadHttpRequestException(message, statusCode);
