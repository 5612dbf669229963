using Azure.Identity;

namespace RemoteMcp.ManagedIdentity;

/// <summary>Specifies why the server got no token for a service that a tool calls.</summary>
public enum CloudAccessProblem
{
    /// <summary>Neither the user nor an administrator has consented to the access.</summary>
    ConsentMissing,

    /// <summary>The application requires assignment, and the user is not assigned to it.</summary>
    NotAssigned,

    /// <summary>The user must sign in again and meet the requirements of Conditional Access.</summary>
    SignInAgain,

    /// <summary>Conditional Access blocks the user.</summary>
    Blocked,

    /// <summary>The caller is an app without a user, and the tool needs the permissions of a user.</summary>
    NoUser,

    /// <summary>The caller's token is not available on the instance that runs the call.</summary>
    TokenNotAtHand,

    /// <summary>No developer is signed in to Azure on the machine that runs the server.</summary>
    NotSignedIn,

    /// <summary>The operator must configure the server's identity.</summary>
    NotConfigured,

    /// <summary>The sign-in service does not respond, or it asks the server to wait.</summary>
    Unavailable,

    /// <summary>The sign-in service refuses the token for another reason.</summary>
    Refused,
}

/// <summary>
/// The exception that is thrown when there is no token for a service that a tool calls. The message is for the user. It states what is
/// missing and who must do what. Do not catch this exception in a tool: the server returns its message, even if another exception wraps it.
/// </summary>
public sealed class CloudAccessException : AuthenticationFailedException
{
    internal CloudAccessException(CloudAccessProblem problem, string message, Uri? page = null, Exception? inner = null)
        : base(message, inner) => (Problem, Page) = (problem, page);

    /// <summary>Gets the kind of the problem.</summary>
    public CloudAccessProblem Problem { get; }

    /// <summary>Gets the web page where the problem can be resolved, or <see langword="null"/> if there is none.</summary>
    public Uri? Page { get; }

    /// <summary>
    /// Returns the exception itself or the first inner exception of this type, or <see langword="null"/> if there is none.
    /// </summary>
    internal static CloudAccessException? FindIn(Exception? exception) => exception switch
    {
        null => null,
        CloudAccessException found => found,
        AggregateException several => several.InnerExceptions.Select(FindIn).FirstOrDefault(static found => found is not null),
        _ => FindIn(exception.InnerException),
    };
}
