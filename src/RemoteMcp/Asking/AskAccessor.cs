namespace RemoteMcp.Asking;

/// <summary>Carries a request's <see cref="Ask"/> from the filter that makes it to the tool's parameter; one a request scope.</summary>
internal sealed class AskAccessor
{
    public Ask? Current { get; set; }
}
