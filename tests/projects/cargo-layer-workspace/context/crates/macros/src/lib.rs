use proc_macro::TokenStream;

/// Gives a type a function that returns its name.
#[proc_macro_derive(Named)]
pub fn named(input: TokenStream) -> TokenStream {
    let of = syn::parse_macro_input!(input as syn::DeriveInput).ident;
    let name = format!("{of} {}", "one");
    quote::quote! { impl #of { fn name() -> &'static str { #name } } }.into()
}
